package dev.kvasir.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * An archive of parsed and checked classes in the user's cache folder (class-data sharing). The next JVM maps it and
 * starts a quarter of a second faster. The first run that loads a model and ends without an error writes the archive.
 * Its file name contains the jar and the JDK, and the JVM checks both again. If it cannot be read or written, Kvasir
 * runs without it.
 *
 * @param file the archive, which may not exist yet
 * @param part the file beside it that the JVM writes; empty if nothing is to be written
 */
record ClassArchive(Path file, Optional<Path> part) {
    private static final Set<String> LOADING_COMMANDS = Set.of("run", "chat", "bench");
    private static final Set<String> ENDING_OPTIONS = Set.of("-h", "--help", "-V", "--version");
    /** Parts of options that name another archive, or with which the JVM writes none: it refuses agents. */
    private static final List<String> NO_ARCHIVE = List.of("-Xshare", "SharedArchiveFile", "ArchiveClassesAtExit",
            "AOT", "-agentlib:", "-agentpath:", "-javaagent:", "-Xrun");

    /**
     * The archive for a command line; empty if the user's options name another archive or an agent, or if there is no
     * folder for it.
     *
     * @param options the user's own options for the JVM
     */
    static Optional<ClassArchive> of(Jdk jdk, String classPath, Optional<Path> cacheFolder, List<String> options,
            List<String> args) {
        if (cacheFolder.isEmpty() || excludeOne(options)) {
            return Optional.empty();
        }
        try {
            Path jar = Path.of(classPath);
            CRC32 checksum = new CRC32();
            String key = jdk.home() + " " + jdk.version() + " " + jar + " " + Files.size(jar) + " "
                    + Files.getLastModifiedTime(jar).toMillis();
            checksum.update(key.getBytes(StandardCharsets.UTF_8));
            Path folder = cacheFolder.get().toAbsolutePath();
            Path file = folder.resolve("classes-" + Long.toHexString(checksum.getValue()) + ".jsa");
            boolean write = !Files.exists(file) && loadModel(args);
            if (write) {
                Files.createDirectories(folder);
            }
            Path part = folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            return Optional.of(new ClassArchive(file, write ? Optional.of(part) : Optional.empty()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // without an archive the start is only slower
        }
    }

    private static boolean excludeOne(List<String> options) {
        for (String option : options) {
            for (String part : NO_ARCHIVE) {
                if (option.contains(part)) {
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

    /** The JVM's options. They also turn off its messages about archives. */
    List<String> options() {
        String use = part.isPresent() ? "-XX:ArchiveClassesAtExit=" + part.get() : "-XX:SharedArchiveFile=" + file;
        return part.isEmpty() && !Files.exists(file)
                ? List.of()
                : List.of(use, "-Xlog:cds*=off:stderr", "-Xlog:aot*=off:stderr");
    }

    /** Moves the file that the JVM has written to its place if the run ended without an error; otherwise deletes it. */
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
