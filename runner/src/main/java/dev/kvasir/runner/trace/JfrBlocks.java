package dev.kvasir.runner.trace;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A JDK Flight Recorder file of several stretches of a run, without what lies between them. Such a file is a sequence of
 * chunks, each complete in itself, so the recording of a stretch is appended to those before.
 */
public final class JfrBlocks {
    private final Path path;

    /**
     * A file without stretches.
     *
     * @throws FailureException if the file cannot be written
     */
    public JfrBlocks(Path path) {
        this.path = path;
        try {
            Files.newOutputStream(path).close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Records a stretch of the run.
     *
     * @throws FailureException if this JVM cannot record, or the file cannot be written
     */
    public void record(Runnable stretch) {
        try {
            Path part = Files.createTempFile("kvasir-", ".jfr");
            try (OutputStream all = Files.newOutputStream(path, StandardOpenOption.APPEND)) {
                try (var _ = new JfrFile(part)) {
                    stretch.run();
                }
                Files.copy(part, all);
            } finally {
                Files.delete(part);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private FailureException failure(IOException e) {
        return Unwritable.failure("the flight recording", path, e);
    }
}
