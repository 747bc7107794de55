package dev.kvasir.runner.command;

import dev.kvasir.model.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where files may be written. */
final class Targets {
    private Targets() {}

    /**
     * Checks that a new file may take this place: a file that is complete or not there at all is moved there when it is
     * done, and must not take the place of a folder or a device.
     *
     * @throws FailureException if it would
     */
    static void checkReplaceable(Path target) {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FailureException("%s is no file that could be replaced: name a new file".formatted(target));
        }
    }
}
