package dev.kvasir.runner.trace;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sentence for a file that cannot be written. */
final class Unwritable {
    private Unwritable() {}

    /**
     * The failure to write a file: its missing folder, or the system's reason.
     *
     * @param what what the file holds, such as {@code the trace}
     */
    static FailureException failure(String what, Path path, IOException e) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            return new FailureException(
                    "%s cannot be written to %s: there is no folder %s; make it first".formatted(what,
                            path, folder),
                    e);
        }
        if (Files.isDirectory(path)) {
            return new FailureException(
                    "%s cannot be written to %s: that is a folder; name a file".formatted(what, path),
                    e);
        }
        return new FailureException("%s cannot be written to %s (%s): make room or name another file".formatted(what,
                path, e.getMessage()), e);
    }
}
