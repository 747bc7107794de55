package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.engine.EngineOptions;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The vector engine against the reference on a forced text, and prompts in chunks against one token at a time. */
class EngineAgreementTest {
    private static final Map<String, CacheOptions> POLICIES = Map.of("full", Stories.FULL, "streaming-llm",
            Stories.STREAMING, "arkvale", Stories.ARKVALE);

    @ParameterizedTest
    @CsvSource({"full, F32, 1e-4", "full, F16, 1e-3", "full, BF16, 1e-2", "streaming-llm, F32, 1e-4",
        "streaming-llm, F16, 1e-3", "arkvale, F32, 1e-4", "arkvale, F16, 1e-3"})
    void vectorGivesTheReferencesLogits(String policy, KvType type, double tolerance) {
        CacheOptions options = options(policy).toBuilder().kvType(type).build();
        int[] text = Stories.greedyText();
        for (int prompt : new int[]{0, 150}) {
            float[][] expected = Stories.logits(EngineOptions.reference(), options, text, prompt);
            float[][] actual = Stories.logits(EngineOptions.defaults(), options, text, prompt);
            assertThat(Logits.worst(actual, expected)).isLessThan(tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 27, 61, 149, 150, 512})
    void promptInChunksGivesTheLogitsOfSingleSteps(int chunk) {
        int[] text = Stories.greedyText();
        float[][] stepped = Stories.logits(EngineOptions.defaults(), Stories.FULL, text, 0);
        float[][] chunked = Stories.logits(EngineOptions.defaults().withPrefillChunk(chunk), Stories.FULL, text, 150);
        for (int i = 0; i < chunked.length; i++) {
            assertThat(Logits.distance(chunked[i], stepped[149 + i])).isLessThan(1e-5);
        }
    }

    private static CacheOptions options(String policy) {
        CacheOptions options = POLICIES.get(policy);
        if (options == null) {
            throw new IllegalArgumentException(policy);
        }
        return options;
    }
}
