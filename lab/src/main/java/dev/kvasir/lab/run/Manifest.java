package dev.kvasir.lab.run;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.model.FailureException;
import dev.kvasir.report.page.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * {@code run.json}: describes the run whose results are in a folder. A folder holds the results of one run only. A run
 * may be resumed if all settings and the decisive facts of its provenance are equal.
 *
 * @param settings everything that affects the results: experiment, parameters, hashes of the files they name, seed, model,
 *     engine, cache options
 * @param circumstances command line and date of the first start
 * @param options the options of the command line with their values, from which the run can be resumed
 * @param provenance the facts of {@link Provenance}
 */
@JsonPropertyOrder({"settings", "circumstances", "options", "provenance"})
public record Manifest(Map<String, String> settings, Map<String, String> circumstances,
        Map<String, List<String>> options, Map<String, String> provenance) {
    /** Its name in the output folder. */
    public static final String NAME = "run.json";
    /** The setting with the experiment's name. */
    public static final String EXPERIMENT = "experiment";
    /** The settings with the hash of a file that the run reads begin so; the file's name follows. */
    public static final String HASH_OF = "hash of ";
    /** The circumstance with the command line. */
    public static final String COMMAND = "command";
    /** The circumstance with the number of cells in the grid. */
    public static final String CELLS = "cells";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Replaces missing parts by empty ones, because Jackson passes null for them. */
    public Manifest {
        options = options == null ? Map.of() : options;
        provenance = provenance == null ? Map.of() : provenance;
    }

    /**
     * Claims a folder for a run.
     *
     * @param resume whether the folder may already hold results of this run
     * @return the manifest of the run's first start, which may be this one
     * @throws FailureException if the folder holds another run, or if it holds this run and {@code resume} is false
     */
    public Manifest claim(Path folder, boolean resume) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        Optional<Manifest> found = read(folder);
        if (found.isEmpty()) {
            if (Files.exists(folder.resolve(ResultFile.NAME))) {
                throw new FailureException(
                        "%s holds results, but no %s that describes their run: name a new folder with -o"
                                .formatted(folder, NAME));
            }
            String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
            WholeFile.write(file, json.getBytes(StandardCharsets.UTF_8));
            return this;
        }
        Manifest other = found.get();
        String difference = difference(other, name -> true);
        if (!difference.isEmpty()) {
            throw new FailureException(
                    "%s holds another run: %s; name a new folder with -o".formatted(folder, difference));
        }
        new Provenance(provenance).difference(new Provenance(other.provenance)).ifPresent(changed -> {
            throw new FailureException(
                    "%s holds results of another state: %s; go on with that state, or name a new folder with -o"
                            .formatted(folder, changed));
        });
        if (!resume) {
            throw new FailureException(
                    "%s holds results of the same run: continue it with --resume, or name a new folder with -o"
                            .formatted(folder));
        }
        return other;
    }

    /** The manifest of a folder, if it has one. */
    public static Optional<Manifest> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readString(file), Manifest.class));
        } catch (JsonProcessingException e) {
            throw new FailureException("%s is damaged (%s): name a new folder with -o".formatted(file,
                    e.getOriginalMessage()), e);
        }
    }

    /** The number of cells in the grid; 0 if unknown. */
    int cells() {
        String cells = circumstances.getOrDefault(CELLS, "");
        return cells.matches("\\d{1,9}") ? Integer.parseInt(cells) : 0;
    }

    /** A sentence about the first setting that differs and is not part of the grid; empty if there is none. */
    String conflict(Manifest other) {
        return difference(other, name -> !name.startsWith("--")
                && (!name.startsWith(HASH_OF) || settings.containsKey(name) == other.settings.containsKey(name)));
    }

    /** A sentence about the first setting that differs among those that count; empty if there is none. */
    private String difference(Manifest other, Predicate<String> counts) {
        TreeSet<String> names = new TreeSet<>(settings.keySet());
        names.addAll(other.settings.keySet());
        names.removeIf(counts.negate());
        Map<String, String> here = new LinkedHashMap<>(settings);
        List<String> order = new ArrayList<>(names);
        order.sort(Comparator.comparing(name -> !name.equals(EXPERIMENT))); // other differences follow from the experiment
        for (String name : order) {
            String mine = here.getOrDefault(name, "");
            String theirs = Objects.requireNonNullElse(other.settings.get(name), "");
            if (!mine.equals(theirs)) {
                return "its %s is '%s', this one's '%s'".formatted(name, theirs, mine);
            }
        }
        return "";
    }
}
