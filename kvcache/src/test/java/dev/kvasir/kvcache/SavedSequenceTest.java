package dev.kvasir.kvcache;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateInput;
import dev.kvasir.kvcache.state.StateOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A restored sequence goes on, bit for bit, as the saved one. */
class SavedSequenceTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);
    private static final int MOST = 200; // tokens
    private static final int AFTER = 50; // steps that are compared

    /** Options, and where the sequence is saved. */
    record Case(CacheOptions options, int prompt, int steps) {
        @Override
        public String toString() {
            return "%s %s, prompt %d, %d steps, %s %s".formatted(options.policy().name(), options.policyOptions(),
                    prompt, steps, options.turnover(), options.prefetch() ? "prefetch" : "");
        }
    }

    static Stream<Case> cases() {
        var small = Map.of("snapkv", Map.of("queries", "8"), "snapstream", Map.of("queries", "8"), "pyramid",
                Map.of("queries", "8"), "ada", Map.of("queries", "8"), "scissorhands", Map.of("history", "20"));
        var named = Policies.all()
                .stream()
                .filter(policy -> policy.getClass().getPackageName().startsWith("dev.kvasir.kvcache.policy."))
                .map(policy -> options(policy.name(), small.getOrDefault(policy.name(), Map.of())).build());
        var variants = Stream.of(options("roco", Map.of("mode", "auto", "stride", "5")).build(),
                options("roco", Map.of("mode", "encoding")).build(),
                options("snapkv", Map.of("queries", "3", "pool", "max")).build(),
                options("arkvale", Map.of()).turnover(Turnover.SCORE).prefetch(true).kvType(KvType.BF16).build(),
                options("full", Map.of()).prefixCache(1 << 20).build(),
                options("streaming-llm", Map.of()).prefixCache(1 << 20).build(),
                options("arkvale", Map.of()).prefixCache(1 << 20).build(),
                options("arkvale", Map.of()).prefillQueries(3).denseLayers(0).kvType(KvType.F32).build());
        // in the middle of a page, at its edge, behind a prompt within the budget, and without a prompt
        return Stream.concat(named, variants)
                .flatMap(options -> Stream.of(new Case(options, 71, 30), new Case(options, 80, 0),
                        new Case(options, 68, 60), new Case(options, 10, 1), new Case(options, 0, 90)));
    }

    private static CacheOptions.Builder options(String policy, Map<String, String> own) {
        return CacheOptions.under(Policies.named(policy))
                .budget(Budget.tokens(32))
                .pageSize(4)
                .sinkPages(1)
                .windowPages(2)
                .denseLayers(1)
                .policyOptions(own);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyPolicyGoesOnAsIfNothingHadHappened(Case test) throws IOException {
        try (var team = new Workers(1)) {
            checkGoesOn(test, (geometry, frames) -> new VectorKvDevice(geometry, frames, team));
        }
    }

    @Test
    void theReferenceGoesOnToo() throws IOException {
        for (String policy : List.of("arkvale", "h2o")) {
            checkGoesOn(new Case(options(policy, Map.of()).build(), 71, 30), ReferenceKvDevice::new);
        }
    }

    private static void checkGoesOn(Case test, KvDeviceFactory devices) throws IOException {
        try (KvCache cache = cache(test.options(), 2, devices);
                KvCache other = cache(test.options(), 3, devices);
                KvSequence before = other.open(MOST)) {
            KvSequence saved = cache.open(MOST);
            var tokens = new SplittableRandom(7);
            read(saved, tokens, test);
            byte[] bytes = save(saved);
            assertThat(Arrays.equals(save(saved), bytes)).isTrue();

            read(before, new SplittableRandom(8), new Case(test.options(), 20, 3)); // takes other frames and slots
            KvSequence restored = other.open(MOST);
            restored.restore(input(bytes));
            assertThat(restored.length()).isEqualTo(saved.length());
            assertThat(Arrays.equals(save(restored), bytes)).isTrue();
            var sameTokens = new SplittableRandom(9);
            tokens = new SplittableRandom(9);
            for (int i = 0; i < AFTER; i++) {
                assertThat(step(restored, sameTokens)).as("step %d", i).isDeepEqualTo(step(saved, tokens));
            }
            saved.close();
            restored.close();
            before.close();
            assertThat(cache.stats().deviceBytes()).isZero();
            assertThat(other.stats().deviceBytes()).isZero();
            assertThat(other.stats().hostBytes()).isZero();
        }
    }

    @Test
    void aTextIsReadBehindARestoredSequenceAsBehindTheSavedOne() throws IOException {
        for (String policy : List.of("full", "streaming-llm", "random", "quest", "infllm", "arkvale")) {
            var options = options(policy, Map.of()).build();
            try (KvCache cache = cache(options, 2, ReferenceKvDevice::new);
                    KvSequence saved = cache.open(MOST);
                    KvSequence restored = cache.open(MOST)) {
                var tokens = new SplittableRandom(3);
                read(saved, tokens, new Case(options, 50, 7));
                read(saved, tokens, new Case(options, 33, 2));
                restored.restore(input(save(saved)));
                var copy = new SplittableRandom(4);
                tokens = new SplittableRandom(4);
                for (int length : new int[]{1, 30, 12}) {
                    assertThat(read(restored, copy, length)).isDeepEqualTo(read(saved, tokens, length));
                    assertThat(step(restored, copy)).isDeepEqualTo(step(saved, tokens));
                }
            }
        }
    }

    @Test
    void underTheBudgetAutoASequenceTakesItsPartOfTheMemoryAgain() throws IOException {
        // 3 layers of 50 pages of 256 bytes would take 37.5 KiB, for each of two sequences
        var options = options("arkvale", Map.of()).budget(Budget.AUTO).deviceMemory(33 << 10).build();
        var shared = options.toBuilder().deviceMemory(56 << 10).build();
        try (KvCache cache = cache(options, 1, ReferenceKvDevice::new);
                KvCache other = cache(shared, 2, ReferenceKvDevice::new);
                KvSequence saved = cache.open(MOST)) {
            read(saved, new SplittableRandom(3), new Case(options, 120, 20));
            byte[] bytes = save(saved);
            try (KvCache same = cache(options, 1, ReferenceKvDevice::new); KvSequence restored = same.open(MOST)) {
                restored.restore(input(bytes));
                var tokens = new SplittableRandom(4);
                var copy = new SplittableRandom(4);
                for (int i = 0; i < AFTER; i++) {
                    assertThat(step(restored, copy)).isDeepEqualTo(step(saved, tokens));
                }
            }
            try (KvSequence neighbour = other.open(MOST); KvSequence restored = other.open(MOST)) {
                read(neighbour, new SplittableRandom(5), new Case(options, 150, 1));
                assertThatThrownBy(() -> restored.restore(input(bytes))).isInstanceOf(KvMemoryException.class)
                        .hasMessageMatching(
                                "the saved sequence has \\d+ pages of layer 1 in frames, and beside the other"
                                        + " sequences there is room for \\d+: close others, or raise CacheOptions.deviceMemory");
                step(neighbour, new SplittableRandom(6));
            }
            assertThat(other.stats().deviceBytes()).isZero();
        }
    }

    @Test
    void aSequenceThatHoldsNothingIsRestoredEmpty() throws IOException {
        try (KvCache cache = cache(options("arkvale", Map.of()).build(), 2, ReferenceKvDevice::new);
                KvSequence empty = cache.open(MOST);
                KvSequence restored = cache.open(MOST)) {
            restored.restore(input(save(empty)));
            assertThat(restored.length()).isZero();
            read(restored, new SplittableRandom(1), new Case(CacheOptions.FULL, 40, 1));
            assertThatThrownBy(() -> restored.restore(input(save(empty)))).isInstanceOf(IllegalStateException.class)
                    .hasMessage("a saved sequence is restored into an empty one, and this one holds 41 tokens");
        }
    }

    @Test
    void otherOptionsAreRefusedWithBothValues() throws IOException {
        var options = options("arkvale", Map.of()).build();
        byte[] bytes;
        try (KvCache cache = cache(options, 1, ReferenceKvDevice::new); KvSequence saved = cache.open(MOST)) {
            read(saved, new SplittableRandom(1), new Case(options, 71, 3));
            bytes = save(saved);
        }
        var others = Map.of("CacheOptions.budget 32, and here CacheOptions.budget is 64",
                options.toBuilder().budget(Budget.tokens(64)).build(),
                "CacheOptions.kvType F16, and here CacheOptions.kvType is F32",
                options.toBuilder().kvType(KvType.F32).build(),
                "CacheOptions.policy arkvale, and here CacheOptions.policy is streaming-llm",
                options.toBuilder().policy(Policies.named("streaming-llm")).build(),
                "CacheOptions.prefixCache 0, and here CacheOptions.prefixCache is above 0",
                options.toBuilder().prefixCache(1 << 20).build(),
                "CacheOptions.denseLayers 1, and here CacheOptions.denseLayers is 0",
                options.toBuilder().denseLayers(0).build());
        others.forEach((difference, other) -> {
            try (KvCache cache = cache(other, 1, ReferenceKvDevice::new); KvSequence restored = cache.open(MOST)) {
                assertThatThrownBy(() -> restored.restore(input(bytes))).isInstanceOf(StateException.class)
                        .hasMessage("it was saved with %s: use the same".formatted(difference));
            }
        });
        try (KvCache cache = cache(options, 1, ReferenceKvDevice::new); KvSequence shorter = cache.open(MOST - 1)) {
            assertThatThrownBy(() -> shorter.restore(input(bytes)))
                    .hasMessage("it was saved with contextTokens 200, and here contextTokens is 199: use the same");
        }
        try (KvCache cache = cache(options.toBuilder().deviceMemory(1 << 24).hostMemory(1 << 24).build(), 1,
                ReferenceKvDevice::new); KvSequence restored = cache.open(MOST)) {
            restored.restore(input(bytes));
            assertThat(restored.length()).isEqualTo(74);
        }
    }

    @Test
    void aCutOrChangedStateIsRefusedAndItsMemoryIsFreed() throws IOException {
        for (String policy : List.of("arkvale", "scissorhands")) {
            var options = options(policy, Map.of()).build();
            try (KvCache cache = cache(options, 2, ReferenceKvDevice::new)) {
                byte[] bytes;
                try (KvSequence saved = cache.open(MOST)) {
                    read(saved, new SplittableRandom(1), new Case(options, 71, 3));
                    bytes = save(saved);
                }
                for (int i = 0; i < 16; i++) {
                    checkRefused(cache, Arrays.copyOf(bytes, i * bytes.length / 16));
                }
                checkRefused(cache, Arrays.copyOf(bytes, bytes.length + 1));
                for (int at = 0; at < bytes.length; at += 97) {
                    byte[] changed = bytes.clone();
                    changed[at] ^= (byte) (1 << at % 8);
                    checkRefused(cache, changed);
                }
                assertThat(cache.stats().deviceBytes()).isZero();
                assertThat(cache.stats().hostBytes()).isZero();
            }
        }
    }

    private static void checkRefused(KvCache cache, byte[] bytes) {
        try (KvSequence restored = cache.open(MOST)) {
            assertThatThrownBy(() -> {
                StateInput in = input(bytes);
                restored.restore(in);
                in.end();
            }).isInstanceOf(StateException.class).hasMessageMatching("(it is cut off|bytes \\d+ to \\d+|it has).*");
        }
    }

    @Test
    void theMiddleOfAPromptOrAStepIsRefused() {
        for (String policy : List.of("arkvale", "h2o")) {
            try (KvCache cache = cache(options(policy, Map.of()).build(), 1, ReferenceKvDevice::new);
                    KvSequence sequence = cache.open(MOST)) {
                sequence.beginPrefill(3);
                assertThatThrownBy(() -> save(sequence)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("in the middle of a text or a step");
            }
        }
    }

    @Test
    void aKeeperThatDoesNotSaveItsStateIsRefusedByName() {
        var options = options("h2o", Map.of()).policy(new FirstLeaves()).build();
        try (KvCache cache = cache(options, 1, ReferenceKvDevice::new); KvSequence sequence = cache.open(MOST)) {
            read(sequence, new SplittableRandom(1), new Case(options, 71, 3));
            assertThatThrownBy(() -> save(sequence)).isInstanceOf(StateException.class)
                    .hasMessage("policy first-leaves does not save its state: its keeper needs TokenKeeper.save and"
                            + " TokenKeeper.restore");
            step(sequence, new SplittableRandom(2)); // and it goes on
        }
    }

    /** A policy as users write it, with a keeper that cannot be saved. */
    private static final class FirstLeaves implements TokenPolicy {
        @Override
        public PolicyCard card() {
            return new PolicyCard("first-leaves", "the oldest token leaves", "", "");
        }

        @Override
        public TokenPolicy with(PolicySettings settings) {
            return this;
        }

        @Override
        public TokenKeeper keeper(TokenScope scope) {
            return new EvictingKeeper() {
                @Override
                public int retain(TokenView tokens, int kvHead, int[] kept) {
                    int first = tokens.count(kvHead) - scope.budget();
                    IntStream.range(0, scope.budget()).forEach(i -> kept[i] = tokens.position(kvHead, first + i));
                    return scope.budget();
                }

                @Override
                public int leaving(TokenView tokens, int kvHead) {
                    return tokens.position(kvHead, 0);
                }
            };
        }
    }

    private static KvCache cache(CacheOptions options, int sequences, KvDeviceFactory devices) {
        return KvCaches.create(SHAPE, options, MOST, sequences, devices, CacheEvents.NONE);
    }

    private static void read(KvSequence sequence, SplittableRandom tokens, Case test) {
        if (test.prompt() > 0) {
            read(sequence, tokens, test.prompt());
        }
        for (int i = 0; i < test.steps(); i++) {
            step(sequence, tokens);
        }
    }

    /** Reads a text; the outputs of all layers. */
    private static float[][] read(KvSequence sequence, SplittableRandom tokens, int length) {
        var outputs = new float[SHAPE.layers()][length * SHAPE.queryWidth()];
        sequence.beginPrefill(length);
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
            sequence.prefill(layer, normal(tokens, length * SHAPE.queryWidth()),
                    normal(tokens, length * SHAPE.kvWidth()), normal(tokens, length * SHAPE.kvWidth()), length,
                    outputs[layer]);
            sequence.endPrefill(layer);
        }
        return outputs;
    }

    /** The outputs of all layers. */
    private static float[][] step(KvSequence sequence, SplittableRandom tokens) {
        var outputs = new float[SHAPE.layers()][SHAPE.queryWidth()];
        sequence.beginStep();
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
            sequence.step(layer, normal(tokens, SHAPE.queryWidth()), 0, normal(tokens, SHAPE.kvWidth()), 0,
                    normal(tokens, SHAPE.kvWidth()), 0, outputs[layer], 0);
        }
        return outputs;
    }

    private static float[] normal(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static byte[] save(KvSequence sequence) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new StateOutput(Channels.newChannel(bytes)::write);
        sequence.save(out);
        out.end();
        return bytes.toByteArray();
    }

    private static StateInput input(byte[] bytes) {
        return new StateInput((into, at) -> {
            int count = (int) Math.min(into.remaining(), bytes.length - at);
            into.put(bytes, (int) at, Math.max(0, count));
            return count > 0 ? count : -1;
        }, bytes.length, 0);
    }
}
