package dev.kvasir.runner.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.model.FailureException;
import dev.kvasir.report.pagemap.PageMapRun;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads the runs of a trace that {@link TraceWriter} has written; it may be compressed by gzip. */
public final class TraceReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> KINDS = Arrays.stream(Kind.values()).map(TraceWriter::name).toList();
    private static final List<String> STATES = Stream.of(PageState.values()).map(PageState::toString).toList();
    private static final int LARGEST = 20_000_000; // events of a page that a browser shows

    private final Path file;
    private final List<TracedRun> runs = new ArrayList<>();
    private long lines;
    private long events;
    private boolean isCut;

    /**
     * The runs of a trace.
     *
     * @param runs those with an event, at least one
     * @param cutAfter number of whole lines if the file ends within a line; -1 if it is whole
     */
    public record Trace(List<PageMapRun> runs, long cutAfter) {
        public Trace {
            runs = List.copyOf(runs);
        }
    }

    private TraceReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a trace.
     *
     * @throws FailureException if it is none, or is damaged: the message names the line
     * @throws IOException if the file cannot be read
     */
    public static Trace read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FailureException("%s is a folder: name a trace in it".formatted(file));
        }
        return new TraceReader(file).trace();
    }

    private Trace trace() throws IOException {
        try (InputStream bytes = opened()) {
            readLines(new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), 1 << 16));
        } catch (EOFException e) {
            isCut = true; // the end of a compressed file is missing
        } catch (ZipException e) {
            throw new FailureException(
                    "%s cannot be unpacked (%s): copy or write it again".formatted(file, e.getMessage()), e);
        }
        if (lines == 0) {
            throw new FailureException(isCut
                    ? notATrace()
                    : "%s is empty: write a trace with `kvasir run --trace %s`".formatted(file, file));
        }
        List<PageMapRun> shown = runs.stream().filter(TracedRun::hasEvents).map(TracedRun::run).toList();
        if (shown.isEmpty()) {
            throw new FailureException(
                    "%s has a header and no event of a page: trace a run that reads its prompt and fills a page"
                            .formatted(
                                    file));
        }
        return new Trace(shown, isCut ? lines : -1);
    }

    private InputStream opened() throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            bytes.mark(2);
            boolean isCompressed = bytes.read() == 0x1f && bytes.read() == 0x8b;
            bytes.reset();
            return isCompressed ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private void readLines(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        while (line != null) {
            String next = reader.readLine();
            if (!line.isBlank()) {
                readLine(line, next == null);
            }
            line = next;
        }
    }

    private void readLine(String text, boolean isLast) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            if (lines == 0) {
                throw new FailureException(notATrace(), e);
            }
            if (!isLast) {
                throw new FailureException("%s is damaged: line %d is no JSON".formatted(file, lines + 1), e);
            }
            isCut = true;
            return;
        }
        if (lines == 0) {
            checkFirst(line);
        }
        lines++;
        try {
            add(line);
        } catch (IllegalArgumentException e) {
            throw new FailureException("%s is damaged: in line %d %s".formatted(file, lines, e.getMessage()), e);
        }
    }

    private void add(JsonNode line) {
        if (line.has(TraceHeader.FORMAT)) {
            runs.add(TracedRun.of(line, KINDS, STATES));
        } else if (line.has("ids")) {
            runs.getLast().addTokens(line);
        } else if (line.has("event")) {
            if (++events > LARGEST) {
                throw new FailureException(
                        "%s has more than %d events, more than a page can show: trace a shorter prompt or fewer steps (-n)"
                                .formatted(file, LARGEST));
            }
            runs.getLast().addEvent(line);
        }
    }

    private void checkFirst(JsonNode line) {
        if (line.has("event") && line.has("page")) {
            throw new FailureException(
                    "%s has no header, so an older Kvasir wrote it: write it again with --trace".formatted(file));
        }
        if (!line.path(TraceHeader.FORMAT).asText().equals(TraceHeader.FORMAT_NAME)) {
            throw new FailureException(notATrace());
        }
        @Nullable
        JsonNode version = line.get(TraceHeader.VERSION);
        if (version == null || version.asInt() != TraceHeader.CURRENT_VERSION) {
            throw new FailureException(
                    "%s has format version %s, and this Kvasir reads %d: use the Kvasir %s that wrote it"
                            .formatted(file, version, TraceHeader.CURRENT_VERSION, line.path("kvasir").asText("")));
        }
    }

    private String notATrace() {
        return "%s is no trace: name a file that `kvasir run --trace FILE.jsonl` wrote".formatted(file);
    }
}
