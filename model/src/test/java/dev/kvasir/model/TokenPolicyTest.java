package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whole models under a budget of single tokens. */
class TokenPolicyTest {
    private static final CacheOptions TOKENS = CacheOptions.builder()
            .budget(Budget.tokens(48))
            .pageSize(16)
            .denseLayers(1)
            .kvType(KvType.F32)
            .build();

    @ParameterizedTest
    @CsvSource({"h2o, 0", "h2o, 80", "tova, 0", "tova, 80"})
    void theVectorEngineAgreesWithTheReference(String policy, int prompt) {
        int[] text = Arrays.copyOf(Stories.greedyText(), 140);
        var options = TOKENS.toBuilder().policy(Policies.named(policy)).build();
        float[][] vector = Stories.logits(EngineOptions.defaults(), options, text, prompt);
        float[][] reference = Stories.logits(EngineOptions.reference(), options, text, prompt);
        assertThat(Logits.worst(vector, reference)).isLessThan(1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2o", "tova"})
    void aBudgetThatHoldsTheContextIsBitIdenticalToFull(String policy) {
        int[] text = Stories.greedyText();
        var roomy = TOKENS.toBuilder()
                .policy(Policies.named(policy))
                .kvType(KvType.F16)
                .budget(Budget.tokens(Stories.CONTEXT))
                .build();
        var full = roomy.toBuilder().policy(Policies.named("full")).budget(Budget.UNLIMITED).build();
        for (int prompt : new int[]{0, 101}) {
            assertThat(Stories.logits(EngineOptions.defaults(), roomy, text, prompt))
                    .isDeepEqualTo(Stories.logits(EngineOptions.defaults(), full, text, prompt));
        }
    }

    @Test
    void tokensAreCountedPerLayerAndKvHead() {
        var options = TOKENS.toBuilder().policy(Policies.named("h2o")).build();
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            Logits.prompted(session, Stories.greedyText(), 100);
            var stats = cache.stats();
            int tokens = session.position();
            assertThat(stats.unit()).isEqualTo(CacheUnit.TOKEN);
            assertThat(stats.filled()).isEqualTo(tokens * 5L * 4);
            assertThat(stats.evicted()).isEqualTo((tokens - 48) * 4L * 4);
        }
    }

    @Test
    void enginesOfGraphsRefuseWithWhatToDo() {
        var options = TOKENS.toBuilder().policy(Policies.named("tova")).build();
        try (Model model = Stories.load(EngineOptions.defaults().withKind(EngineKind.SIM))) {
            assertThatThrownBy(() -> model.newCache(options, 64, 1, CacheEvents.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("policy tova keeps single tokens, but the engine sim has kernels for pages"
                            + " only: set EngineOptions.kind to vector, or choose one of the page policies full, ");
        }
    }
}
