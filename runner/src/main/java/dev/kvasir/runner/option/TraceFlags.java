package dev.kvasir.runner.option;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.JfrEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.DecodeOptions.Controls;
import dev.kvasir.model.tokenizer.DecodeOptions.LeadingSpace;
import dev.kvasir.runner.trace.JfrFile;
import dev.kvasir.runner.trace.TokenLog;
import dev.kvasir.runner.trace.TraceHeader;
import dev.kvasir.runner.trace.TraceWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files for page events. */
public final class TraceFlags {
    /** A trace shows all tokens as they are. */
    private static final DecodeOptions SHOWN = new DecodeOptions(Controls.SHOWN, LeadingSpace.KEPT);

    @Option(names = "--trace", paramLabel = "FILE.jsonl", description = "write the run and each page event as lines of JSON; `view` shows them")
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

        /** Begins a run in the trace; see {@link TraceHeader#of}. */
        public void begin(String command, OpenModel open, CacheOptions options, int contextTokens, long seed) {
            if (writer != null) {
                writer.begin(TraceHeader.of(command, open, options, contextTokens, seed),
                        open.tokenizer().decoder(SHOWN));
            }
        }

        /** The receiver of the run's tokens. */
        public TokenLog log() {
            return writer == null ? TokenLog.NONE : writer;
        }

        @Override
        public void close() {
            try (recording; writer) {
                return;
            }
        }
    }
}
