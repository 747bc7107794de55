package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model's file when the child started. The child maps it into memory, and the system may end a process that reads
 * mapped memory behind the end of a file that somebody has cut.
 */
record ModelOnDisk(Path path, long bytes, FileTime modified, @Nullable Object key) {
    private static final List<String> OPTIONS = List.of("--model", "-m");
    private static final String FOLDER = "KVASIR_MODELS";
    private static final int ABORTED = 134; // 128 and the number of the signal
    private static final int BUS_ERROR = 135;
    private static final int WRONG_ADDRESS = 139;

    /** The file that the arguments name, if there is one. */
    static Optional<ModelOnDisk> of(List<String> args, Map<String, String> environment) {
        Optional<String> name = Optional.empty();
        for (int i = 0; i < args.size(); i++) {
            for (String option : OPTIONS) {
                if (args.get(i).equals(option) && i + 1 < args.size()) {
                    name = Optional.of(args.get(i + 1));
                } else if (args.get(i).startsWith(option + "=")) {
                    name = Optional.of(args.get(i).substring(option.length() + 1));
                }
            }
        }
        Optional<String> named = name;
        return named.flatMap(ModelOnDisk::at)
                .or(() -> named.flatMap(model -> at(environment.getOrDefault(FOLDER, "") + "/" + model)));
    }

    /** Whether a process ended because of a signal that the JVM raises when it cannot go on. */
    static boolean isCrash(int code) {
        return code == ABORTED || code == BUS_ERROR || code == WRONG_ADDRESS;
    }

    /** What the user is told when the child has crashed. */
    static String sentence(Optional<ModelOnDisk> model, int code) {
        return model.flatMap(ModelOnDisk::change)
                .orElse("Java crashed (exit code %d): KVASIR_JAVA_OPTS=-XX:-SuppressFatalErrorMessage makes it write a report"
                        .formatted(code));
    }

    private Optional<String> change() {
        return at(path.toString()).filter(now -> Objects.equals(now.key, key))
                .filter(now -> now.bytes != bytes || !now.modified.equals(modified))
                .map(now -> "%s has changed while it was in use: it had %d bytes and now has %d; start again with a whole file"
                        .formatted(path, bytes, now.bytes));
    }

    private static Optional<ModelOnDisk> at(String name) {
        try {
            Path path = Path.of(name);
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return Optional.of(new ModelOnDisk(path, attributes.size(), attributes.lastModifiedTime(),
                    attributes.fileKey()));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
