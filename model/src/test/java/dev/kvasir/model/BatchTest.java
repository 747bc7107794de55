package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchTest {
    private static final int[] TEXT = Stories.greedyText();
    private static final int[] LENGTHS = {40, 1, 117};
    private static final int STEPS = 30;

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void everySequenceGetsTheLogitsOfItsOwnSession(EngineKind kind) {
        EngineOptions engine = EngineOptions.defaults().withKind(kind);
        for (CacheOptions options : new CacheOptions[]{Stories.FULL, Stories.ARKVALE}) {
            try (Model model = Stories.load(engine);
                    KvCache cache = model.newCache(options, Stories.CONTEXT, 3, CacheEvents.NONE);
                    Batch batch = model.openBatch(cache, 3)) {
                int vocabulary = model.config().vocabulary();
                float[][][] actual = new float[3][STEPS][];
                int[] numbers = new int[3];
                for (int i = 0; i < 3; i++) {
                    numbers[i] = batch.open(Stories.CONTEXT);
                    batch.prefill(numbers[i], Arrays.copyOf(TEXT, LENGTHS[i]));
                }
                int[] tokens = new int[3];
                for (int step = 0; step < STEPS; step++) {
                    for (int i = 0; i < 3; i++) {
                        tokens[i] = TEXT[LENGTHS[i] + step];
                    }
                    batch.step(numbers, tokens, 3);
                    for (int i = 0; i < 3; i++) {
                        actual[i][step] = Arrays.copyOfRange(batch.logits(), batch.offset(i),
                                batch.offset(i) + vocabulary);
                    }
                }
                for (int i = 0; i < 3; i++) {
                    float[][] alone = Stories.logits(engine, options, Arrays.copyOf(TEXT, LENGTHS[i] + STEPS),
                            LENGTHS[i]);
                    assertThat(actual[i]).isDeepEqualTo(Arrays.copyOfRange(alone, 1, alone.length));
                }
            }
        }
    }

    @Test
    void sequencesComeAndGo() {
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.FULL, 16, 2, CacheEvents.NONE);
                Batch batch = model.openBatch(cache, 2)) {
            int a = batch.open(16);
            int b = batch.open(16);
            assertThatThrownBy(() -> batch.open(16)).hasMessageContaining("all 2 sequences");
            batch.step(new int[]{a, b}, new int[]{1, 2}, 2);
            batch.close(a);
            assertThatThrownBy(() -> batch.position(a)).hasMessageContaining("not open");
            int c = batch.open(16);
            batch.step(new int[]{b, c}, new int[]{3, 4}, 2);
            assertThat(batch.position(b)).isEqualTo(2);
            assertThat(batch.position(c)).isEqualTo(1);
        }
    }

    @Test
    void stepThatCannotBeTakenAdvancesNothing() {
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.FULL, 16, 2, CacheEvents.NONE);
                Batch batch = model.openBatch(cache, 2)) {
            int a = batch.open(16);
            int b = batch.open(1);
            batch.step(new int[]{a, b}, new int[]{1, 1}, 2);
            assertThatThrownBy(() -> batch.step(new int[]{a, b}, new int[]{5, 5}, 2))
                    .isInstanceOf(ContextLengthException.class);
            assertThatThrownBy(() -> batch.step(new int[]{a, a}, new int[]{5, 5}, 2))
                    .hasMessageContaining("listed twice");
            assertThat(batch.position(a)).isEqualTo(1);
        }
    }
}
