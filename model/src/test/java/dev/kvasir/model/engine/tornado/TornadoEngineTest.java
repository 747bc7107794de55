package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Batch;
import dev.kvasir.model.Generation;
import dev.kvasir.model.Logits;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.Stories;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.RandomModel;
import dev.kvasir.model.gguf.WriteProgress;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whole models as task graphs, on the simulator or the TornadoVM in its place, against the reference engine. */
class TornadoEngineTest {
    private static final EngineOptions ENGINE = EngineOptions.defaults()
            .withKind(Devices.areReal() ? EngineKind.TORNADO : EngineKind.SIM)
            .withPrefillChunk(24);
    private static final Map<String, CacheOptions> POLICIES = Map.of("full", Stories.FULL, "streaming-llm",
            Stories.STREAMING, "arkvale", Stories.ARKVALE, "prefetch",
            Stories.ARKVALE.toBuilder().prefetch(true).build(), "corners",
            Stories.ARKVALE.toBuilder().digest(DigestKind.CUBOID_CORNERS).build());

    @Test
    void greedyTextOf64TokensIsTheReferences() {
        int[] expected = Arrays.copyOf(Stories.greedyText(), 65);
        int[] text = new int[65];
        text[0] = Stories.BEGIN;
        try (Model model = Stories.load(ENGINE);
                KvCache cache = model.newCache(Stories.FULL, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            var sampler = new Sampler(SamplerOptions.greedy(), model.config().vocabulary());
            IntStream.Builder tokens = IntStream.builder();
            new Generation(session, sampler, token -> false, () -> false).run(new int[]{Stories.BEGIN}, 64,
                    tokens::add);
            System.arraycopy(tokens.build().toArray(), 0, text, 1, 64);
        }
        assertThat(text).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"full, 30, 60", "streaming-llm, 140, 160", "arkvale, 140, 170", "arkvale, 0, 150",
        "prefetch, 140, 170", "corners, 140, 170", "corners, 0, 150"})
    void logitsAndRecallsAreTheReferences(String policy, int prompt, int tokens) {
        CacheOptions options = POLICIES.get(policy);
        assertThat(options).isNotNull();
        int[] text = Arrays.copyOf(Stories.greedyText(), tokens);
        Outcome expected = decode(EngineOptions.reference(), options, text, prompt);
        Outcome actual = decode(ENGINE, options, text, prompt);
        assertThat(Logits.worst(actual.logits(), expected.logits())).isLessThan(1e-4);
        assertThat(actual.stats().evicted()).isEqualTo(expected.stats().evicted());
        assertThat(actual.stats().recalled()).isEqualTo(expected.stats().recalled());
        assertThat(actual.stats().backedUp()).isEqualTo(expected.stats().backedUp());
        assertThat(actual.stats().prefetched()).isEqualTo(expected.stats().prefetched());
        assertThat(expected.stats().recalled() > 0).isEqualTo(options.policy().name().equals("arkvale"));
        assertThat(expected.stats().prefetched() > 0).isEqualTo(policy.equals("prefetch"));
    }

    /** The logits of a text, and the events of its pages. */
    private record Outcome(float[][] logits, CacheStats stats) {}

    private static Outcome decode(EngineOptions engine, CacheOptions options, int[] text, int prompt) {
        try (Model model = Stories.load(engine);
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            float[][] logits = prompt == 0 ? Logits.forced(session, text) : Logits.prompted(session, text, prompt);
            return new Outcome(logits, cache.stats());
        }
    }

    @ParameterizedTest
    @CsvSource({"full, 60", "streaming-llm, 140", "arkvale, 133", "arkvale, 140", "prefetch, 140", "corners, 128"})
    void textsBehindStepsGiveTheReferencesLogits(String policy, int prompt) {
        CacheOptions options = POLICIES.get(policy);
        assertThat(options).isNotNull();
        Outcome expected = turns(EngineOptions.reference(), options, prompt);
        Outcome actual = turns(ENGINE, options, prompt);
        assertThat(Logits.worst(actual.logits(), expected.logits())).isLessThan(1e-4);
        assertThat(actual.stats().evicted()).isEqualTo(expected.stats().evicted());
        assertThat(actual.stats().recalled()).isEqualTo(expected.stats().recalled());
    }

    /** A prompt, steps, a text of some chunks, one of one token, and a step. */
    private static Outcome turns(EngineOptions engine, CacheOptions options, int prompt) {
        int[] text = Stories.greedyText();
        try (Model model = Stories.load(engine);
                KvCache cache = model.newCache(options, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT)) {
            float[][] logits = new float[4][];
            logits[0] = session.prefill(Arrays.copyOf(text, prompt)).clone();
            session.stepThrough(Arrays.copyOfRange(text, prompt, prompt + 5));
            logits[1] = session.extend(Arrays.copyOfRange(text, prompt + 5, prompt + 55)).clone();
            logits[2] = session.extend(Arrays.copyOfRange(text, prompt + 55, prompt + 56)).clone();
            logits[3] = session.step(text[prompt + 56]).clone();
            return new Outcome(logits, cache.stats());
        }
    }

    @Test
    void halfPrecisionPagesKeepTheLogitsClose() {
        if (!Devices.all().getFirst().half()) {
            assertThatThrownBy(() -> Stories.logits(ENGINE, half(), new int[]{1}, 0))
                    .hasMessageContaining("set CacheOptions.kvType to f32");
            return;
        }
        int[] text = Arrays.copyOf(Stories.greedyText(), 150);
        float[][] expected = Stories.logits(EngineOptions.reference(), half(), text, 140);
        assertThat(Logits.worst(Stories.logits(ENGINE, half(), text, 140), expected)).isLessThan(1e-3);
    }

    private static CacheOptions half() {
        return Stories.ARKVALE.toBuilder().kvType(KvType.F16).build();
    }

    @Test
    void sequencesOfABatchGetTheLogitsOfTheirOwnSessions() {
        int[] text = Stories.greedyText();
        int[] lengths = {140, 11};
        int steps = 10;
        try (Model model = Stories.load(ENGINE);
                KvCache cache = model.newCache(Stories.ARKVALE, Stories.CONTEXT, 2, CacheEvents.NONE);
                Batch batch = model.openBatch(cache, 2)) {
            int[] numbers = new int[2];
            for (int i = 0; i < 2; i++) {
                numbers[i] = batch.open(Stories.CONTEXT);
                batch.prefill(numbers[i], Arrays.copyOf(text, lengths[i]));
            }
            float[][][] expected = new float[2][][];
            for (int i = 0; i < 2; i++) {
                expected[i] = Stories.logits(EngineOptions.reference(), Stories.ARKVALE,
                        Arrays.copyOf(text, lengths[i] + steps), lengths[i]);
            }
            for (int step = 0; step < steps; step++) {
                batch.step(numbers, new int[]{text[lengths[0] + step], text[lengths[1] + step]}, 2);
                for (int i = 0; i < 2; i++) {
                    float[] row = Arrays.copyOfRange(batch.logits(), batch.offset(i), batch.offset(i + 1));
                    assertThat(Logits.distance(row, expected[i][step + 1])).isLessThan(1e-4);
                    assertThat(batch.mostLikely(i)).isEqualTo(Logits.top(row));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, F16, full", "qwen2, Q4_0, arkvale", "qwen3, Q8_0, streaming-llm"})
    void everyArchitectureOverMoreLayersThanAGraphHolds(String architecture, TensorType type, String policy,
            @TempDir Path folder) throws Exception {
        Path file = folder.resolve("random.gguf");
        new RandomModel(architecture, 128, 8, 64, 4, 2, 32, 96, 320, type, true, 5).write(file, WriteProgress.NONE);
        CacheOptions options = POLICIES.get(policy);
        assertThat(options).isNotNull();
        options = options.toBuilder().budget(Budget.pages(6)).build();
        int[] text = new SplittableRandom(3).ints(70, 0, 320).toArray();
        float[][][] logits = new float[2][][];
        EngineOptions[] engines = {EngineOptions.reference(), ENGINE};
        for (int i = 0; i < 2; i++) {
            try (Model model = Model.load(file, engines[i]);
                    KvCache cache = model.newCache(options, 96, 1, CacheEvents.NONE);
                    Session session = model.openSession(cache, 96)) {
                logits[i] = Logits.prompted(session, text, 60);
            }
        }
        assertThat(Logits.worst(logits[1], logits[0])).isLessThan(1e-4);
    }

    @Test
    void aBatchLargerThanTheCacheIsRefused() {
        try (Model model = Stories.load(ENGINE);
                KvCache cache = model.newCache(Stories.FULL, 32, 1, CacheEvents.NONE)) {
            assertThatThrownBy(() -> model.openBatch(cache, 2)).hasMessageContaining("2 sequences")
                    .hasMessageContaining("made for 1");
        }
    }

    @Test
    void aCacheOfAnotherModelIsRefused() {
        try (Model model = Stories.load(ENGINE);
                Model other = Stories.load(ENGINE);
                KvCache cache = other.newCache(Stories.FULL, 32, 1, CacheEvents.NONE)) {
            assertThatThrownBy(() -> model.openBatch(cache, 1)).hasMessageContaining("Model.newCache");
        }
    }

    @Test
    void theOtherEngineOfThisJvmIsRefusedWithWhatToDo() {
        var other = ENGINE.withKind(Devices.areReal() ? EngineKind.SIM : EngineKind.TORNADO);
        assertThatThrownBy(() -> Stories.load(other)).hasMessageContaining(
                Devices.areReal() ? "set EngineOptions.kind to tornado" : "sdk install tornadovm");
    }

    @Test
    void randomFillIsDecodedFrom() {
        try (Model model = Stories.load(ENGINE);
                KvCache cache = model.newCache(Stories.ARKVALE, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, Stories.CONTEXT);
                Model control = Stories.load(EngineOptions.reference());
                KvCache controlCache = control.newCache(Stories.ARKVALE, Stories.CONTEXT, 1, CacheEvents.NONE);
                Session controlSession = control.openSession(controlCache, Stories.CONTEXT)) {
            session.fillRandom(300, 7);
            controlSession.fillRandom(300, 7);
            for (int token = 1; token < 12; token++) {
                assertThat(Logits.distance(session.step(token), controlSession.step(token))).isLessThan(1e-4);
            }
        }
    }
}
