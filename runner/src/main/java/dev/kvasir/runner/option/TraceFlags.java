package dev.kvasir.runner.option;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.JfrEvents;
import dev.kvasir.runner.trace.JfrFile;
import dev.kvasir.runner.trace.TraceWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files for page events. */
public final class TraceFlags {
    @Option(names = "--trace", paramLabel = "FILE.jsonl", description = "write each page event as one line of JSON")
    private @Nullable Path trace;

    @Option(names = "--jfr", paramLabel = "FILE.jfr", description = "write a JDK Flight Recorder recording with the page events")
    private @Nullable Path jfr;

    /** Opens the given files. */
    public OpenTrace open() {
        TraceWriter writer = trace == null ? null : new TraceWriter(trace);
        try {
            return new OpenTrace(writer, jfr == null ? null : new JfrFile(jfr));
        } catch (RuntimeException e) {
            if (writer != null) {
                writer.close();
            }
            throw e;
        }
    }

    /** The files while they are written. */
    public record OpenTrace(@Nullable TraceWriter writer, @Nullable JfrFile recording) implements AutoCloseable {

        /** The receivers of page events. */
        public CacheEvents events() {
            CacheEvents lines = writer == null ? CacheEvents.NONE : writer;
            return recording == null ? lines : lines.and(new JfrEvents());
        }

        @Override
        public void close() {
            try (recording; writer) {
                return;
            }
        }
    }
}
