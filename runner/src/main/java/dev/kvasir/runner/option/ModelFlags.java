package dev.kvasir.runner.option;

import dev.kvasir.lab.Nearest;
import dev.kvasir.launch.CacheFolder;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.bundled.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The model. */
public final class ModelFlags {
    @Option(names = {"-m",
        "--model"}, paramLabel = "FILE", description = "model in GGUF: a file, or a name in the folder KVASIR_MODELS (default: the bundled needle-3m)")
    private @Nullable String model;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Refuses llama.cpp's flags for a model on the net; without this, {@code -hf} would be read as {@code -h}. */
    @Option(names = {"-hf", "-hfr", "--hf-repo", "-mu",
        "--model-url"}, hidden = true, description = "a model on the net, which Kvasir does not download")
    void refuseDownload(String place) {
        throw new ParameterException(spec.commandLine(),
                "Kvasir downloads no models: download the GGUF file of %s and name it with -m".formatted(place));
    }

    /**
     * The model's file.
     *
     * @throws FailureException if there is none
     */
    public Path file(Map<String, String> environment) {
        return model == null
                ? CacheFolder.of(environment, System.getProperty("user.home", ""))
                        .map(BundledModel::unpacked)
                        .orElseGet(BundledModel::unpackedUntilExit)
                : named(model, environment);
    }

    /** The file that a name stands for: a path, or else a file in {@code KVASIR_MODELS} with or without its ending. */
    public static Path named(String name, Map<String, String> environment) {
        Path path = path(name);
        if (Files.exists(path)) {
            if (Files.isDirectory(path)) {
                throw new FailureException("%s is a folder: name a GGUF file in it".formatted(path));
            }
            return path;
        }
        String folder = environment.getOrDefault("KVASIR_MODELS", "");
        if (path.getNameCount() > 1 || folder.isBlank()) {
            throw new FailureException("there is no model file %s: check the path%s".formatted(name,
                    path.getNameCount() > 1 ? "" : ", or name the folder of your models in KVASIR_MODELS"));
        }
        for (String candidate : List.of(name, name + ".gguf")) {
            Path file = path(folder).resolve(candidate);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new FailureException("there is no model %s, neither here nor in KVASIR_MODELS=%s%s".formatted(name,
                folder,
                Nearest.hint(name, namesIn(path(folder)))));
    }

    private static List<String> namesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".gguf"))
                    .map(name -> name.substring(0, name.length() - ".gguf".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new FailureException("'%s' is no path: %s".formatted(text, e.getReason()), e);
        }
    }
}
