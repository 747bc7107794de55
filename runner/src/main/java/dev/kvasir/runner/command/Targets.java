package dev.kvasir.runner.command;

import dev.kvasir.model.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the places of new files. */
final class Targets {
    private Targets() {}

    /**
     * Checks that a new file may take this place: a complete file is moved there at the end, and must not replace a folder
     * or a device.
     *
     * @throws FailureException if it would
     */
    static void checkReplaceable(Path target) {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FailureException("%s is no file that could be replaced: name a new file".formatted(target));
        }
    }
}
