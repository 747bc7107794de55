package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A trained model generates the same story with every engine and cache. */
class StoriesTest {
    private static final CacheOptions ROOMY = Stories.ARKVALE.toBuilder()
            .budget(Budget.tokens(Stories.CONTEXT))
            .build();

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void fullAttentionPrintsTheReferenceText(EngineKind engine) throws IOException {
        assertThat(story(engine, Stories.FULL)).isEqualTo(golden());
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void arkvaleWithRoomForAllPrintsTheReferenceText(EngineKind engine) throws IOException {
        assertThat(story(engine, ROOMY)).isEqualTo(golden());
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void budgetThatHoldsTheContextIsBitIdenticalToFull(KvType type) {
        int[] text = Stories.greedyText();
        for (int prompt : new int[]{0, 101}) {
            float[][] full = Stories.logits(EngineOptions.defaults(),
                    Stories.FULL.toBuilder().kvType(type).build(), text, prompt);
            float[][] roomy = Stories.logits(EngineOptions.defaults(), ROOMY.toBuilder().kvType(type).build(), text,
                    prompt);
            assertThat(roomy).isDeepEqualTo(full);
        }
    }

    @Test
    void arkvaleUnderAQuarterOfTheContextRecallsAndAgrees() {
        int[] text = Stories.text(450);
        float[][] full = Stories.logits(EngineOptions.defaults(), Stories.FULL, text, 0);
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.ARKVALE, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            float[][] arkvale = Logits.forced(session, text);
            assertThat(cache.stats().evicted()).isPositive();
            assertThat(cache.stats().recalled()).isPositive();
            assertThat(Logits.agreement(arkvale, full)).isGreaterThanOrEqualTo(0.85);
        }
    }

    private static String story(EngineKind kind, CacheOptions options) {
        try (Model model = Stories.load(EngineOptions.defaults().withKind(kind));
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            var sampler = new Sampler(SamplerOptions.greedy(), model.config().vocabulary());
            IntStream.Builder tokens = IntStream.builder();
            new Generation(session, sampler, tokenizer::isEndOfGeneration, () -> false)
                    .run(tokenizer.encode(""), 200, tokens::add);
            return tokenizer.decode(tokens.build().toArray());
        }
    }

    private static String golden() throws IOException {
        return Files.readString(Oracle.resource("stories260k/golden-greedy-200.txt"));
    }
}
