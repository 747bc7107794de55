package dev.kvasir.lab.compare;

import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.question.TwoPhase;
import java.util.Locale;

/** Values that every question measures, in addition to whether the answer is right. */
public final class Measures {
    /** Bytes of the frames held at the end of a text. */
    static final String HELD_BYTES = "held_bytes";
    /** Time of question and answer. */
    static final String DECODE_SECONDS = "decode_seconds";
    /** Tokens of question and answer. */
    static final String DECODED_TOKENS = "decoded_tokens";

    private Measures() {}

    /** A row with the times and the counters of the cache. */
    public static Row of(TwoPhase run) {
        return with(Row.empty(), run.cache()).with("prefill_seconds", run.prefillNanos() / 1e9)
                .with(DECODE_SECONDS, run.decodeNanos() / 1e9)
                .with(DECODED_TOKENS, run.decoded());
    }

    /** The row with the counters of a cache. */
    public static Row with(Row row, CacheStats cache) {
        return row.with("counted", cache.unit().name().toLowerCase(Locale.ROOT))
                .with("evicted", cache.evicted())
                .with("recalled", cache.recalled())
                .with("hit_rate", cache.hitRate())
                .with(HELD_BYTES, cache.deviceBytes())
                .with("device_bytes", cache.deviceBytesPeak())
                .with("host_bytes", cache.hostBytesPeak());
    }
}
