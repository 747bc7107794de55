package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.RandomModel;
import dev.kvasir.model.gguf.WriteProgress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts read behind other texts and behind steps, by whole models. */
class ExtendTest {
    private static final int[] TEXT = Stories.greedyText();
    private static final CacheOptions SMALL = Stories.ARKVALE.toBuilder().budget(Budget.tokens(64)).build();

    private static EngineOptions engine(EngineKind kind) {
        return EngineOptions.defaults().withKind(kind).withPrefillChunk(32);
    }

    /** The logits behind a text that is read in two: {@code first} tokens, then the others. */
    private static float[] inTwo(EngineOptions engine, CacheOptions options, int first, int steps, int tokens) {
        try (Model model = Stories.load(engine);
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            session.prefill(Arrays.copyOf(TEXT, first));
            if (steps > 0) {
                session.stepThrough(Arrays.copyOfRange(TEXT, first, first + steps));
            }
            return session.extend(Arrays.copyOfRange(TEXT, first + steps, tokens)).clone();
        }
    }

    private static float[] atOnce(EngineOptions engine, CacheOptions options, int tokens) {
        return Stories.logits(engine, options, Arrays.copyOf(TEXT, tokens), tokens)[0];
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void aTextInTwoGivesTheLogitsOfTheWholeText(EngineKind kind) {
        for (var options : new CacheOptions[]{Stories.FULL, SMALL}) {
            float[] whole = atOnce(engine(kind), options, 170);
            for (int first : new int[]{1, 63, 99, 160, 169}) {
                assertThat(Logits.distance(inTwo(engine(kind), options, first, 0, 170), whole)).isLessThan(1e-4);
            }
            for (int first : new int[]{32, 96, 160}) {
                assertThat(inTwo(engine(kind), options, first, 0, 170)).as("in the same chunks").isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void aTextBehindStepsGivesTheLogitsOfTheWholeText(EngineKind kind) {
        float[] whole = atOnce(engine(kind), Stories.FULL, 170);
        assertThat(Logits.distance(inTwo(engine(kind), Stories.FULL, 90, 13, 170), whole)).isLessThan(1e-4);
    }

    @ParameterizedTest
    @EnumSource
    void enginesAgreeOnATextBehindStepsThatEvict(Extend extend) {
        var options = SMALL.toBuilder().extend(extend).build();
        assertThat(Logits.distance(inTwo(engine(EngineKind.VECTOR), options, 90, 40, 170),
                inTwo(engine(EngineKind.REFERENCE), options, 90, 40, 170))).isLessThan(1e-4);
    }

    @Test
    void tokenByTokenIsSteppingThroughTheText() {
        var options = SMALL.toBuilder().extend(Extend.TOKEN).build();
        float[] extended = inTwo(engine(EngineKind.VECTOR), options, 90, 0, 170);
        try (Model model = Stories.load(engine(EngineKind.VECTOR));
                KvCache cache = model.newCache(SMALL, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            session.prefill(Arrays.copyOf(TEXT, 90));
            assertThat(extended).isEqualTo(session.stepThrough(Arrays.copyOfRange(TEXT, 90, 170)));
        }
    }

    @Test
    void selectingIsExactAsLongAsTheBudgetHoldsAll() {
        var select = SMALL.toBuilder().extend(Extend.SELECT).build();
        assertThat(inTwo(engine(EngineKind.VECTOR), select, 30, 0, 64))
                .isEqualTo(inTwo(engine(EngineKind.VECTOR), SMALL, 30, 0, 64));
        float[] selected = inTwo(engine(EngineKind.VECTOR), select, 120, 0, 170);
        float[] exact = inTwo(engine(EngineKind.VECTOR), SMALL, 120, 0, 170);
        assertThat(selected).isNotEqualTo(exact);
        assertThat(Logits.distance(selected, exact)).isLessThan(0.5);
    }

    @ParameterizedTest
    @CsvSource({"VECTOR, 0", "VECTOR, 1120", "REFERENCE, 1120"})
    void aLongTextInPartsUnderAPrefillBudgetGivesTheLogitsOfTheWholeText(EngineKind kind, int prefillBudget,
            @TempDir Path folder) throws Exception {
        var options = CacheOptions.builder()
                .policy(Policies.named("arkvale"))
                .kvType(KvType.F32)
                .pageSize(32)
                .budget(Budget.tokens(320))
                .denseLayers(1)
                .prefillBudget(prefillBudget)
                .build();
        int tokens = 1500;
        int[] text = new SplittableRandom(4).ints(tokens, 3, 300).toArray();
        Path file = folder.resolve("m.gguf");
        new RandomModel("qwen3", 2048, 3, 64, 4, 2, 16, 96, 300, TensorType.F32, true, 7).write(file,
                WriteProgress.NONE);
        float[][] logits = new float[3][];
        int[][] cuts = {{tokens}, {700, tokens}, {64, 1279, 1280, tokens}};
        for (int i = 0; i < cuts.length; i++) {
            var cached = i == 0
                    ? options.toBuilder()
                            .policy(Policies.named("full"))
                            .budget(Budget.UNLIMITED)
                            .prefillBudget(0)
                            .build()
                    : options;
            try (Model model = Model.load(file, engine(kind).withPrefillChunk(128));
                    KvCache cache = model.newCache(cached, 2048, 1, CacheEvents.NONE);
                    Session session = model.openSession(cache, 2048)) {
                int from = 0;
                for (int cut : cuts[i]) {
                    logits[i] = session.extend(Arrays.copyOfRange(text, from, cut)).clone();
                    from = cut;
                }
            }
        }
        assertThat(Logits.distance(logits[1], logits[0])).isLessThan(1e-4);
        assertThat(Logits.distance(logits[2], logits[0])).isLessThan(1e-4);
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void othersStepBetweenThePartsOfAPrompt(EngineKind kind) {
        for (var options : new CacheOptions[]{Stories.FULL, SMALL}) {
            try (Model model = Stories.load(engine(kind));
                    KvCache cache = model.newCache(options, Stories.CONTEXT, 2, CacheEvents.NONE);
                    Batch batch = model.openBatch(cache, 2)) {
                int reading = batch.open(Stories.CONTEXT);
                int stepping = batch.open(Stories.CONTEXT);
                batch.prefill(stepping, Arrays.copyOf(TEXT, 80));
                float[] last = {};
                int step = 80;
                for (int from = 0; from < 170; from += 64) {
                    last = Arrays.copyOf(
                            batch.extend(reading, Arrays.copyOfRange(TEXT, from, Math.min(from + 64, 170))),
                            model.config().vocabulary());
                    batch.step(new int[]{stepping}, new int[]{TEXT[step++]}, 1);
                }
                assertThat(last).isEqualTo(atOnce(engine(kind), options, 170));
                float[][] alone = Stories.logits(engine(kind), options, Arrays.copyOf(TEXT, step), 80);
                assertThat(Arrays.copyOf(batch.logits(), model.config().vocabulary()))
                        .isEqualTo(alone[alone.length - 1]);
            }
        }
    }
}
