package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.model.Generation;
import dev.kvasir.report.ByteSize;
import java.io.PrintWriter;
import java.util.Locale;

/** The times of a generation and the counters of its cache, printed at the end on stderr. */
public record Figures(Generation.Report report, CacheStats cache, long seed) {

    /** Prints six lines, one more if pages were prefetched, and one if backups went to the disk. */
    public void print(PrintWriter err) {
        line(err, "prompt", "%d tokens in %s, %s; first token after %s", report.promptTokens(),
                seconds(report.promptNanos()), rate(report.promptRate()), seconds(report.firstTokenNanos()));
        line(err, "decode", "%d new tokens, %d steps in %s, %s; %s", report.newTokens(), report.decodeSteps(),
                seconds(report.decodeNanos()), rate(report.decodeRate()), reason(report.stop()));
        line(err, cache.unit().plural(), "%d filled, %d backed up, %d evicted, %d recalled; hit rate %.1f %%",
                cache.filled(),
                cache.backedUp(), cache.evicted(), cache.recalled(), 100 * cache.hitRate());
        if (cache.prefetched() > 0) {
            line(err, "early", "%d of the recalls early, %.1f %% of them used, %d not; %d late", cache.prefetched(),
                    100 * cache.prefetchAccuracy(), cache.unused(), cache.misses());
        }
        line(err, "copies", "%s to the host, %s to the device; %s hidden, %s exposed",
                ByteSize.readable(cache.bytesToHost()), ByteSize.readable(cache.bytesToDevice()),
                seconds(cache.copyNanosHidden()), seconds(cache.copyNanosExposed()));
        line(err, "memory", "at most %s of %s on the device, %s of backups on the host",
                ByteSize.readable(cache.deviceBytesPeak()), cache.unit().plural(),
                ByteSize.readable(cache.hostBytesPeak()));
        if (cache.diskBytesWritten() > 0) {
            line(err, "disk", "%s of backups written, %s read", ByteSize.readable(cache.diskBytesWritten()),
                    ByteSize.readable(cache.diskBytesRead()));
        }
        line(err, "seed", "%d", seed);
        err.flush();
    }

    /** Prints the most important of them on one line. */
    public void printLine(PrintWriter err) {
        err.printf(Locale.ROOT,
                "prompt %d tokens in %s; %d new tokens at %s%s; %s %d filled, %d evicted, %d recalled%n",
                report.promptTokens(), seconds(report.promptNanos()), report.newTokens(), rate(report.decodeRate()),
                report.stop() == Generation.Stop.END_OF_TEXT ? "" : ", " + reason(report.stop()),
                cache.unit().plural(), cache.filled(), cache.evicted(), cache.recalled());
        err.flush();
    }

    private static void line(PrintWriter err, String name, String format, Object... values) {
        err.printf(Locale.ROOT, "%-7s" + format + "%n", prepend(name, values));
    }

    private static Object[] prepend(String name, Object[] values) {
        Object[] all = new Object[values.length + 1];
        all[0] = name;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }

    private static String reason(Generation.Stop stop) {
        return switch (stop) {
            case END_OF_TEXT -> "the text ended";
            case MAX_TOKENS -> "as many as asked for";
            case CONTEXT_FULL -> "the context is full, raise --ctx-size for more";
            case STOP_TEXT -> "a stop text came";
            case INTERRUPTED -> "interrupted";
        };
    }

    /** Tokens a second. */
    public static String rate(double tokensPerSecond) {
        return String.format(Locale.ROOT, tokensPerSecond < 100 ? "%.1f tokens/s" : "%.0f tokens/s", tokensPerSecond);
    }

    /** A time with a fitting unit. */
    public static String seconds(long nanos) {
        return nanos < 1_000_000_000
                ? String.format(Locale.ROOT, nanos < 10_000_000 ? "%.2f ms" : "%.0f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
