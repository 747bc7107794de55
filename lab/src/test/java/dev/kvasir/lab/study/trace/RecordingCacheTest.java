package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvCache;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordingCacheTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 6);
    private static final int PROMPT = 21;
    private static final int STEPS = 5;

    @Test
    void recordsKeysOfAllTokensAndQueriesFromThePromptsLastOn() {
        var trace = new AttentionTrace(SHAPE, PROMPT + STEPS, STEPS);
        feed(new RecordingCache(cache(), trace));

        assertThat(trace.promptTokens()).isEqualTo(PROMPT);
        assertThat(trace.steps()).isEqualTo(STEPS);
        assertThat(trace.tokens()).isEqualTo(PROMPT + STEPS);
        for (int layer = 0; layer < 2; layer++) {
            for (int token = 0; token < PROMPT + STEPS; token++) {
                assertThat(Arrays.copyOfRange(trace.keys(layer), token * 12, token * 12 + 12))
                        .isEqualTo(row(layer, token, 12, 1));
            }
            for (int step = 0; step <= STEPS; step++) {
                assertThat(Arrays.copyOfRange(trace.queries(layer), step * 24, step * 24 + 24))
                        .isEqualTo(row(layer, trace.position(step), 24, 0));
            }
        }
    }

    @Test
    void changesNothing() {
        assertThat(feed(new RecordingCache(cache(), new AttentionTrace(SHAPE, PROMPT + STEPS, STEPS))))
                .isEqualTo(feed(cache()));
    }

    @Test
    void moreStepsThanThereIsRoomForAreRefused() {
        var trace = new AttentionTrace(SHAPE, PROMPT + STEPS, STEPS - 1);
        assertThatThrownBy(() -> feed(new RecordingCache(cache(), trace))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("4 steps");
    }

    private static KvCache cache() {
        return PagedCache.create(CachePlan.of(SHAPE, CacheOptions.FULL, PROMPT + STEPS, 1), ReferenceKvDevice::new,
                CacheEvents.NONE);
    }

    /** A prompt in chunks of 8, then steps; returns the last output. */
    private static float[] feed(KvCache cache) {
        float[] out = new float[8 * 24];
        try (cache; var sequence = cache.open(PROMPT + STEPS)) {
            sequence.beginPrefill(PROMPT);
            for (int layer = 0; layer < 2; layer++) {
                for (int from = 0; from < PROMPT; from += 8) {
                    int count = Math.min(8, PROMPT - from);
                    sequence.prefill(layer, rows(layer, from, count, 24, 0), rows(layer, from, count, 12, 1),
                            rows(layer, from, count, 12, 2), count, out);
                }
                sequence.endPrefill(layer);
            }
            for (int token = PROMPT; token < PROMPT + STEPS; token++) {
                sequence.beginStep();
                for (int layer = 0; layer < 2; layer++) {
                    sequence.step(layer, row(layer, token, 24, 0), 0, row(layer, token, 12, 1), 0,
                            row(layer, token, 12, 2), 0, out, 0);
                }
            }
        }
        return out;
    }

    private static float[] rows(int layer, int from, int count, int length, int what) {
        float[] rows = new float[count * length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(row(layer, from + i, length, what), 0, rows, i * length, length);
        }
        return rows;
    }

    private static float[] row(int layer, int token, int length, int what) {
        var random = new SplittableRandom(layer * 1000L + token * 10L + what);
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }
}
