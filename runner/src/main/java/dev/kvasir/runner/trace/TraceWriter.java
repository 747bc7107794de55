package dev.kvasir.runner.trace;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the events of pages to a file, one JSON object per line:
 *
 * <pre>{@code
 * {"step":17,"layer":2,"sequence":0,"group":0,"page":9,"event":"recalled","state":"coming-late","importance":4.25,"bytes":2048}
 * }</pre>
 *
 * The state is that of the page after the event. The importance is {@code null} if none was estimated. A trace that cannot
 * be written completely is deleted.
 */
public final class TraceWriter implements CacheEvents, AutoCloseable {
    private static final int FLUSH_AT = 1 << 16; // bytes

    private final Path path;
    private final FileChannel file;
    private final StringBuilder lines = new StringBuilder(FLUSH_AT + 256);
    private boolean broken;

    /**
     * Creates the file, or empties it.
     *
     * @throws FailureException if that fails
     */
    public TraceWriter(Path path) {
        this.path = path;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long bytes) {
        lines.append("{\"step\":")
                .append(step)
                .append(",\"layer\":")
                .append(layer)
                .append(",\"sequence\":")
                .append(sequence)
                .append(",\"group\":")
                .append(group)
                .append(",\"page\":")
                .append(page)
                .append(",\"event\":\"")
                .append(name(kind))
                .append("\",\"state\":\"")
                .append(state)
                .append("\",\"importance\":");
        if (Float.isFinite(importance)) {
            lines.append(importance);
        } else {
            lines.append("null");
        }
        lines.append(",\"bytes\":").append(bytes).append("}\n");
        if (lines.length() >= FLUSH_AT) {
            flush();
        }
    }

    /** The name of an event in a trace. */
    static String name(Kind kind) {
        return switch (kind) {
            case FILLED -> "filled";
            case BACKED_UP -> "backed-up";
            case EVICTED -> "evicted";
            case RECALLED -> "recalled";
            case SELECTED -> "selected";
            case PREFETCHED -> "prefetched";
            case UNUSED -> "unused";
        };
    }

    private void flush() {
        if (broken) {
            return; // the first failure was reported
        }
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.toString());
        lines.setLength(0);
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            broken = true;
            throw failure(e);
        }
    }

    /**
     * Writes the buffered lines and closes the file.
     *
     * @throws FailureException if that fails
     */
    @Override
    public void close() {
        try (file) {
            flush();
        } catch (IOException e) {
            broken = true;
            throw failure(e);
        } finally {
            if (broken) {
                remove();
            }
        }
    }

    private void remove() {
        try {
            if (Files.isRegularFile(path)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            return; // the failure that is already being thrown has the details
        }
    }

    private FailureException failure(IOException e) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            return new FailureException("the trace cannot be written to %s: there is no folder %s; make it first"
                    .formatted(path, folder), e);
        }
        return new FailureException("the trace cannot be written to %s (%s): make room or name another file".formatted(
                path, e.getMessage()), e);
    }
}
