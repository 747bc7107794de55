package dev.kvasir.runner.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes runs to a file, one JSON object per line: for each run a header, then its tokens and the events of its pages as
 * they happen. {@code docs/trace.md} explains every field. An event:
 *
 * <pre>{@code
 * {"step":17,"layer":2,"sequence":0,"group":0,"page":9,"event":"recalled","state":"coming-late","importance":4.25,"bytes":2048}
 * }</pre>
 *
 * The state is that of the page after the event. The importance is {@code null} if none was estimated. A trace that cannot
 * be written completely is deleted.
 */
public final class TraceWriter implements CacheEvents, TokenLog, AutoCloseable {
    private static final int FLUSH_AT = 1 << 16; // characters
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final FileChannel file;
    private final StringBuilder lines = new StringBuilder(FLUSH_AT + 256);
    private Map<String, @Nullable Object> header = Map.of(); // not yet written; empty if there is none
    private @Nullable StreamingDecoder decoder;
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

    /**
     * Begins a run. Its header is written with the prompt, whose length it states.
     *
     * @param fields those of {@link TraceHeader}
     * @param newDecoder for the texts of the run's tokens
     */
    public void begin(Map<String, @Nullable Object> fields, StreamingDecoder newDecoder) {
        writeHeader(null);
        header = new LinkedHashMap<>(fields);
        decoder = newDecoder;
    }

    private void writeHeader(@Nullable Integer promptTokens) {
        if (!header.isEmpty()) {
            header.put(TraceHeader.PROMPT_TOKENS, promptTokens);
            write(header);
            header = Map.of();
        }
    }

    /**
     * Writes tokens with their texts. A character whose bytes are in several tokens belongs to the last of them.
     *
     * @throws IllegalStateException outside a run
     */
    @Override
    public void tokens(int position, int... ids) {
        if (decoder == null) {
            throw new IllegalStateException("tokens come after the begin of a run");
        }
        writeHeader(position == 0 ? ids.length : null);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("position", position);
        line.put("ids", ids);
        line.put("texts", Arrays.stream(ids).mapToObj(decoder::next).toList());
        write(line);
    }

    private void write(Map<String, ?> fields) {
        try {
            lines.append(JSON.writeValueAsString(fields)).append('\n');
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts do not become JSON", e);
        }
        flushIfFull();
    }

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long bytes) {
        writeHeader(null);
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
        flushIfFull();
    }

    private void flushIfFull() {
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
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
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
            writeHeader(null);
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
        return Unwritable.failure("the trace", path, e);
    }
}
