package dev.kvasir.runner.trace;

import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
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
     * @throws FailureException if this JVM cannot record, or the file cannot be written
     */
    public JfrFile(Path path) {
        this.path = path;
        try {
            Files.newOutputStream(path).close(); // fails now, not after the run
            recording = new Recording(Configuration.getConfiguration("default"));
            recording.setToDisk(true);
            recording.start();
        } catch (IOException e) {
            throw failure(e);
        } catch (ParseException | IllegalStateException e) {
            throw new FailureException("this Java cannot record (%s): leave --jfr out".formatted(e.getMessage()), e);
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

    private FailureException failure(IOException e) {
        return Unwritable.failure("the flight recording", path, e);
    }
}
