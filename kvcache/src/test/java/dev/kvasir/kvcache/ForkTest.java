package dev.kvasir.kvcache;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.plan.KvSequence;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Sequences that go on from the same text, each alone. */
class ForkTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void endWorkers() {
        WORKERS.close();
    }

    private static CacheOptions.Builder options(String policy) {
        return CacheOptions.under(Policies.named(policy)).pageSize(16).denseLayers(1).budget(Budget.tokens(160));
    }

    private static KvCache cache(CacheOptions options, int sequences) {
        return KvCaches.create(SHAPE, options, 600, sequences,
                (geometry, frames) -> new VectorKvDevice(geometry, frames, WORKERS), CacheEvents.NONE);
    }

    private static float[] steps(KvSequence sequence, int seed, int steps) {
        var random = new SplittableRandom(seed);
        float[] out = new float[steps * SHAPE.layers() * SHAPE.queryWidth()];
        for (int step = 0; step < steps; step++) {
            sequence.beginStep();
            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                sequence.step(layer, normal(random, SHAPE.queryWidth()), 0, normal(random, SHAPE.kvWidth()), 0,
                        normal(random, SHAPE.kvWidth()), 0, out, (step * SHAPE.layers() + layer) * SHAPE.queryWidth());
            }
        }
        return out;
    }

    private static float[] normal(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "arkvale", "infllm", "quest", "streaming-llm", "random", "snapkv", "h2o", "tova",
        "sparq", "keyformer", "ada", "pyramid", "scissorhands", "roco", "alisa"})
    void everyForkGoesOnAsTheOriginalWould(String policy) {
        for (int length : new int[]{320, 333, 41}) {
            var options = options(policy).build();
            try (var cache = cache(options, 3)) {
                var original = cache.open(600);
                original.fillRandom(length, 5);
                steps(original, 6, 30);
                var fork = original.fork();
                var another = fork.fork();
                assertThat(fork.length()).isEqualTo(length + 30);
                float[] left = steps(fork, 7, 60);
                float[] right = steps(original, 8, 60);
                float[] last = steps(another, 7, 60);
                original.close();
                assertThat(last).isEqualTo(left);
                assertThat(expected(options, length, 7)).isEqualTo(left);
                assertThat(expected(options, length, 8)).isEqualTo(right);
                steps(fork, 9, 20);
                fork.close();
                steps(another, 9, 20);
                another.close();
                assertThat(cache.stats().deviceBytes()).isZero();
                assertThat(cache.stats().hostBytes()).isZero();
            }
        }
    }

    private static float[] expected(CacheOptions options, int length, int seed) {
        try (var cache = cache(options, 1); var sequence = cache.open(600)) {
            sequence.fillRandom(length, 5);
            steps(sequence, 6, 30);
            return steps(sequence, seed, 60);
        }
    }

    @Test
    void fullPagesAreNotCopied() {
        var options = options("full").build();
        try (var cache = cache(options, 2); var original = cache.open(600)) {
            original.fillRandom(333, 5);
            long before = cache.stats().deviceBytes();
            try (var fork = original.fork()) {
                assertThat(cache.stats().deviceBytes() - before).isEqualTo(before / 21); // the page being filled
                steps(fork, 1, 1);
            }
            assertThat(cache.stats().deviceBytes()).isEqualTo(before);
        }
    }

    @Test
    void aForkWithoutRoomIsRefusedAndTheOriginalGoesOn() {
        try (var cache = cache(options("arkvale").build(), 1); var original = cache.open(600)) {
            original.fillRandom(333, 5);
            assertThatThrownBy(original::fork).isInstanceOf(KvMemoryException.class);
            steps(original, 1, 1);
        }
    }

    @Test
    void aForkWithinAStepIsRefused() {
        try (var cache = cache(options("arkvale").build(), 2); var original = cache.open(600)) {
            original.beginStep();
            assertThatThrownBy(original::fork).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in the middle of a text or a step");
        }
    }
}
