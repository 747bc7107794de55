package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineOptions;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whole models against llama.cpp's logits: every architecture, rope scaling and tensor type. */
class LlamaCppTest {
    private static final CacheOptions EXACT = CacheOptions.FULL.toBuilder().kvType(KvType.F32).build();
    private static final double EXACT_TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-f32", "llama-tied-f16", "llama-bf16", "llama3-rope", "llama-linear-rope",
        "llama-yarn", "qwen2", "qwen3", "llama-q8_0", "llama-q4_0", "llama-q4_1", "llama-q5_0", "llama-q5_1",
        "llama-q4_K", "llama-q5_K", "llama-q6_K", "llama-q4_K_M", "stories260K"})
    void referenceEngineGivesItsLogitsAndText(String name) {
        readsTheOracle(name, EngineOptions.reference(), EXACT_TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-f32", "llama-tied-f16", "llama-bf16", "llama3-rope", "llama-linear-rope",
        "llama-yarn", "qwen2", "qwen3", "llama-q8_0", "llama-q4_0", "llama-q4_1", "llama-q5_0", "llama-q5_1",
        "llama-q4_K", "llama-q5_K", "llama-q6_K", "llama-q4_K_M", "stories260K"})
    void vectorEngineGivesItsLogitsAndText(String name) {
        readsTheOracle(name, EngineOptions.defaults().withActivations(ActivationType.F32), EXACT_TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-q4_0", "llama-q4_K", "llama-q4_K_M"})
    void roundedActivationsStayNearItsLogits(String name) {
        Oracle oracle = Oracle.of(name);
        var options = EngineOptions.defaults().withActivations(ActivationType.INT8);
        try (Model model = Model.load(Oracle.gguf(name), options);
                KvCache cache = model.newCache(EXACT, 256, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, 256)) {
            float[][] logits = atPositions(Logits.forced(session, oracle.tokens()), oracle);
            int known = oracle.logits()[0].length;
            assertThat(Logits.distance(joined(logits, known), joined(oracle.logits(), known))).isBetween(1e-4, 2.5e-2);
        }
    }

    private static float[] joined(float[][] logits, int known) {
        float[] all = new float[logits.length * known];
        for (int i = 0; i < logits.length; i++) {
            System.arraycopy(logits[i], 0, all, i * known, known);
        }
        return all;
    }

    private static void readsTheOracle(String name, EngineOptions options, double tolerance) {
        Oracle oracle = Oracle.of(name);
        int n = oracle.tokens().length;
        try (Model model = Model.load(Oracle.gguf(name), options);
                KvCache cache = model.newCache(EXACT, 256, 2, CacheEvents.NONE);
                Session stepped = model.openSession(cache, 256);
                Session prefilled = model.openSession(cache, 256)) {
            float[][] logits = Logits.forced(stepped, oracle.tokens());
            assertThat(Logits.worst(atPositions(logits, oracle), oracle.logits())).isLessThan(tolerance);
            if (oracle.argmax().length > 0) {
                assertThat(Arrays.stream(logits).mapToInt(Logits::top)).containsExactly(box(oracle.argmax()));
            }
            float[] last = prefilled.prefill(oracle.tokens());
            assertThat(Logits.distance(last, logits[n - 1])).isLessThan(tolerance);
            for (int expected : oracle.greedy()) {
                assertThat(Logits.top(last)).isEqualTo(expected);
                if (prefilled.position() < prefilled.capacity()) {
                    last = prefilled.step(expected);
                }
            }
        }
    }

    private static float[][] atPositions(float[][] logits, Oracle oracle) {
        return Arrays.stream(oracle.positions()).mapToObj(position -> logits[position]).toArray(float[][]::new);
    }

    private static Integer[] box(int[] ints) {
        return Arrays.stream(ints).boxed().toArray(Integer[]::new);
    }
}
