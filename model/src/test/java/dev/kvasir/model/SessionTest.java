package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Generation.Stop;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SessionTest {
    private static final int[] TEXT = Stories.greedyText();
    private final Model model = Stories.load(EngineOptions.defaults());
    private final KvCache cache = model.newCache(Stories.FULL, 64, 2, CacheEvents.NONE);
    private final Session session = model.openSession(cache, 32);

    @AfterEach
    void close() {
        session.close();
        cache.close();
        model.close();
    }

    @Test
    void promptLongerThanTheContextIsRefusedWithBothLengths() {
        assertThatThrownBy(() -> session.prefill(new int[33])).isInstanceOf(ContextLengthException.class)
                .hasMessage(
                        "the prompt has 33 tokens, but the context holds 32: shorten the prompt or raise contextTokens");
        assertThat(session.position()).isZero();
    }

    @Test
    void stepBeyondTheContextIsRefused() {
        session.prefill(Arrays.copyOf(TEXT, 32));
        assertThatThrownBy(() -> session.step(1)).isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("context of 32 tokens is full");
    }

    @Test
    void tokenOfAnotherVocabularyIsRefused() {
        assertThatThrownBy(() -> session.step(512)).hasMessageContaining("token 512 is not one of the model's 0..511");
        assertThatThrownBy(() -> session.prefill(new int[]{1, -1})).hasMessageContaining("token -1");
        assertThatThrownBy(() -> session.prefill(new int[0])).hasMessageContaining("0 tokens");
        assertThat(session.position()).isZero();
    }

    @Test
    void secondPromptIsRefusedButTheTextCanBeExtended() {
        session.prefill(Arrays.copyOf(TEXT, 10));
        assertThatThrownBy(() -> session.prefill(TEXT)).isInstanceOf(IllegalStateException.class);
        float[] extended = session.extend(Arrays.copyOfRange(TEXT, 10, 20)).clone();
        assertThat(session.position()).isEqualTo(20);
        try (Session whole = model.openSession(cache, 32)) {
            assertThat(Logits.distance(extended, whole.prefill(Arrays.copyOf(TEXT, 20)))).isLessThan(1e-5);
        }
    }

    @Test
    void aForkGoesOnAloneFromTheSameText() {
        try (var three = model.newCache(CacheOptions.FULL, 32, 3, CacheEvents.NONE);
                Session original = model.openSession(three, 32);
                Session alone = model.openSession(three, 32)) {
            alone.prefill(Arrays.copyOf(TEXT, 10));
            float[] logits = original.prefill(Arrays.copyOf(TEXT, 10)).clone();
            try (Session fork = original.fork()) {
                assertThat(fork.logits()).isEqualTo(logits);
                assertThat(fork.position()).isEqualTo(10);
                original.step(1);
                assertThat(fork.step(TEXT[10])).isEqualTo(alone.step(TEXT[10]));
            }
        }
    }

    @Test
    void generationContinuesAPromptGreedily() {
        List<Integer> drawn = new ArrayList<>();
        var report = generation(token -> false).run(Arrays.copyOf(TEXT, 5), 20, drawn::add);
        assertThat(drawn).containsExactlyElementsOf(Arrays.stream(TEXT, 5, 25).boxed().toList());
        assertThat(report.stop()).isEqualTo(Stop.MAX_TOKENS);
        assertThat(report.promptTokens()).isEqualTo(5);
        assertThat(report.newTokens()).isEqualTo(20);
        assertThat(report.decodeSteps()).isEqualTo(19);
        assertThat(report.firstTokenNanos()).isGreaterThanOrEqualTo(report.promptNanos());
        assertThat(report.promptRate()).isPositive();
        assertThat(report.decodeRate()).isPositive();
    }

    @Test
    void questionBehindAContextGoesInTokenByTokenAndChangesNothingUnderFullAttention() {
        List<Integer> drawn = new ArrayList<>();
        var report = generation(token -> false).run(Arrays.copyOf(TEXT, 5), Arrays.copyOfRange(TEXT, 5, 9), 10,
                drawn::add);
        assertThat(drawn).containsExactlyElementsOf(Arrays.stream(TEXT, 9, 19).boxed().toList());
        assertThat(report.promptTokens()).isEqualTo(9);
    }

    @Test
    void generationEndsWithTheTextTheContextOrAnInterrupt() {
        List<Integer> drawn = new ArrayList<>();
        assertThat(generation(token -> token == TEXT[8]).run(Arrays.copyOf(TEXT, 5), 20, drawn::add).stop())
                .isEqualTo(Stop.END_OF_TEXT);
        assertThat(drawn).containsExactly(TEXT[5], TEXT[6], TEXT[7]);
        try (Session small = model.openSession(cache, 8)) {
            var report = new Generation(small, greedy(), token -> false, () -> false).run(Arrays.copyOf(TEXT, 5), 20,
                    token -> {});
            assertThat(report.stop()).isEqualTo(Stop.CONTEXT_FULL);
            assertThat(report.newTokens()).isEqualTo(4);
        }
        var asked = new AtomicInteger();
        try (Session other = model.openSession(cache, 32)) {
            var report = new Generation(other, greedy(), token -> false, () -> asked.incrementAndGet() > 3)
                    .run(Arrays.copyOf(TEXT, 5), 20, token -> {});
            assertThat(report.stop()).isEqualTo(Stop.INTERRUPTED);
            assertThat(report.newTokens()).isEqualTo(3);
        }
    }

    @Test
    void promptThatLeavesNoRoomForTheQuestionIsRefusedBeforeAnythingIsRead() {
        assertThatThrownBy(() -> generation(token -> false).run(Arrays.copyOf(TEXT, 30), Arrays.copyOf(TEXT, 5), 1,
                token -> {})).isInstanceOf(ContextLengthException.class).hasMessageContaining("35 tokens");
        assertThat(session.position()).isZero();
    }

    private Generation generation(IntPredicate endOfText) {
        return new Generation(session, greedy(), endOfText, () -> false);
    }

    private Sampler greedy() {
        return new Sampler(SamplerOptions.greedy(), model.config().vocabulary());
    }
}
