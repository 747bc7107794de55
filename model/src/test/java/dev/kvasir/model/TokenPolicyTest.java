package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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

    static Stream<TokenPolicy> policies() {
        return Policies.all().stream().filter(TokenPolicy.class::isInstance).map(TokenPolicy.class::cast);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aTextBehindStepsIsReadAlikeOnBothEngines(TokenPolicy policy) {
        var options = TOKENS.toBuilder().policy(policy).build();
        float[][] vector = turns(EngineOptions.defaults(), options);
        assertThat(Logits.worst(vector, turns(EngineOptions.reference(), options))).isLessThan(1e-4);
        assertThat(vector[1]).as("a text is not read as its tokens one by one are")
                .isNotEqualTo(turns(EngineOptions.defaults(), options.toBuilder().extend(Extend.TOKEN).build())[1]);
    }

    /** The logits behind a prompt, a text behind steps, and steps after that. */
    private static float[][] turns(EngineOptions engine, CacheOptions options) {
        int[] text = Stories.greedyText();
        try (Model model = Stories.load(engine);
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            float[][] logits = new float[3][];
            logits[0] = session.prefill(Arrays.copyOf(text, 60)).clone();
            session.stepThrough(Arrays.copyOfRange(text, 60, 71));
            logits[1] = session.extend(Arrays.copyOfRange(text, 71, 140)).clone();
            session.extend(Arrays.copyOfRange(text, 140, 143));
            logits[2] = session.stepThrough(Arrays.copyOfRange(text, 143, 160)).clone();
            return logits;
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
