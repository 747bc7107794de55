package dev.kvasir.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The classes of a run, parsed and checked, in a file of the user's cache folder that the next JVM maps (class-data
 * sharing): a quarter of a second less before the first token. The first run that loads a model and ends well leaves it
 * behind. The file's name says which jar and which JDK it is for, and the JVM checks both once more; where it cannot be
 * read or written, all runs as it does without.
 *
 * @param file the archive, which need not exist
 * @param part what the JVM writes to, beside it; empty where nothing is to be written
 */
record ClassArchive(Path file, Optional<Path> part) {
    private static final Set<String> LOADING_COMMANDS = Set.of("run", "chat", "bench");
    private static final Set<String> ENDING_OPTIONS = Set.of("-h", "--help", "-V", "--version");
    private static final List<String> OWN_ARCHIVE = List.of("-Xshare", "SharedArchiveFile", "ArchiveClassesAtExit",
            "AOT");

    /**
     * The archive for a command line; empty if the user's options choose another, or if there is no folder for it.
     *
     * @param options the user's own options for the JVM
     */
    static Optional<ClassArchive> of(Jdk jdk, String classPath, Map<String, String> environment, Path userHome,
            List<String> options, List<String> args) {
        if (chooseAnother(options)) {
            return Optional.empty();
        }
        try {
            Path jar = Path.of(classPath);
            CRC32 checksum = new CRC32();
            String key = jdk.home() + " " + jdk.version() + " " + jar + " " + Files.size(jar) + " "
                    + Files.getLastModifiedTime(jar).toMillis();
            checksum.update(key.getBytes(StandardCharsets.UTF_8));
            Path folder = CacheFolder.of(environment, userHome);
            Path file = folder.resolve("classes-" + Long.toHexString(checksum.getValue()) + ".jsa");
            boolean write = !Files.exists(file) && loadModel(args);
            if (write) {
                Files.createDirectories(folder);
            }
            Path part = folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            return Optional.of(new ClassArchive(file, write ? Optional.of(part) : Optional.empty()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // a start without an archive is only slower
        }
    }

    private static boolean chooseAnother(List<String> options) {
        for (String option : options) {
            for (String own : OWN_ARCHIVE) {
                if (option.contains(own)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean loadModel(List<String> args) {
        return !args.isEmpty() && Collections.disjoint(args, ENDING_OPTIONS)
                && (args.get(0).startsWith("-") || LOADING_COMMANDS.contains(args.get(0)));
    }

    /** The JVM's options: what it has to say about archives is for nobody. */
    List<String> options() {
        String use = part.isPresent() ? "-XX:ArchiveClassesAtExit=" + part.get() : "-XX:SharedArchiveFile=" + file;
        return part.isEmpty() && !Files.exists(file)
                ? List.of()
                : List.of(use, "-Xlog:cds*=off:stderr", "-Xlog:aot*=off:stderr");
    }

    /** Puts what the JVM has written in its place if the run ended well, and drops it otherwise. */
    void keep(int exitCode) {
        if (part.isEmpty()) {
            return;
        }
        try {
            if (exitCode == 0 && Files.exists(part.get())) {
                Files.move(part.get(), file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.deleteIfExists(part.get());
            }
        } catch (IOException e) {
            part.get().toFile().delete();
        }
    }
}
