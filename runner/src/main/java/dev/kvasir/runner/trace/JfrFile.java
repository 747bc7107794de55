package dev.kvasir.runner.trace;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** A JDK Flight Recorder recording from now until {@link #close}, page events included. */
public final class JfrFile implements AutoCloseable {
    private final Path path;
    private final Recording recording;

    /**
     * Starts recording.
     *
     * @throws FailureException if this JVM cannot record
     */
    public JfrFile(Path path) {
        this.path = path;
        try {
            recording = new Recording(Configuration.getConfiguration("default"));
            recording.setToDisk(true);
            recording.start();
        } catch (IOException | ParseException | IllegalStateException e) {
            throw failure(e);
        }
    }

    /**
     * Writes the recording to its file.
     *
     * @throws FailureException if that fails
     */
    @Override
    public void close() {
        try (recording) {
            recording.stop();
            recording.dump(path);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private FailureException failure(Exception e) {
        return new FailureException(
                "no flight recording for %s (%s): name another file".formatted(path, e.getMessage()),
                e);
    }
}
