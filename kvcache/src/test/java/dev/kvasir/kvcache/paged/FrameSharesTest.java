package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvMemoryException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Sequences that share the frames by need. */
class FrameSharesTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);
    private static final int PAGE = 8;

    private static CacheOptions.Builder options(String policy, int frames) {
        var options = CacheRun.options(policy).pageSize(PAGE).budget(Budget.AUTO);
        long frame = CachePlan.of(SHAPE, options.build(), 8, 1).geometry().frameBytes();
        return options.deviceMemory(frames * frame);
    }

    private static PagedCache cache(CacheOptions options, int tokens, int sequences) {
        return PagedCache.create(CachePlan.of(SHAPE, options, tokens, sequences), ReferenceKvDevice::new,
                CacheEvents.NONE);
    }

    @Test
    void nothingLeavesWhileAllFitAndTheOutputIsThatOfFull() {
        var shared = options("arkvale", 200).build();
        var full = CacheRun.options("full").pageSize(PAGE).build();
        try (var cache = cache(shared, 400, 4); var all = cache(full, 400, 1)) {
            var run = CacheRun.in(cache, SHAPE, shared, 400, 3);
            var expected = CacheRun.in(all, SHAPE, full, 400, 3);
            for (var each : new CacheRun[]{run, expected}) {
                each.prompt(150, 40);
                for (int i = 0; i < 100; i++) {
                    each.step();
                }
                each.prompt(100, 100);
            }
            assertThat(run.outputs).usingElementComparator(Arrays::compare).isEqualTo(expected.outputs);
            assertThat(cache.counters().events(Kind.EVICTED)).isZero();
            assertThat(cache.counters().events(Kind.SELECTED)).isZero();
            run.close();
            expected.close();
            assertThat(cache.pool().used()).isZero();
        }
    }

    @Test
    void aLongSequenceGivesUpPagesForAnotherAndGetsThemBackWhenThatCloses() {
        var options = options("arkvale", 170).build();
        try (var cache = cache(options, 320, 4)) {
            var first = CacheRun.in(cache, SHAPE, options, 320, 1);
            first.prompt(300, 64);
            assertThat(residents(first)).isEqualTo(38);
            var second = CacheRun.in(cache, SHAPE, options, 320, 2);
            second.prompt(200, 64);
            first.step();
            assertThat(residents(first)).isBetween(20, 34);
            assertThat(residents(first) * 200.0 / (residents(second) * 300.0)).as("by length").isBetween(0.8, 1.25);
            for (int i = 0; i < 10; i++) {
                first.step();
                second.step();
            }
            int squeezed = residents(first);
            second.close();
            for (int i = 0; i < 8; i++) {
                first.step();
            }
            assertThat(residents(first)).isGreaterThan(squeezed);
            first.close();
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
        }
    }

    private static int residents(CacheRun run) {
        return run.sequence.group(0, 0).table.size();
    }

    @ParameterizedTest
    @CsvSource({"arkvale, 0", "arkvale, 1", "infllm, 0", "streaming-llm, 0", "random, 2"})
    void randomHistoriesOfManySequencesKeepEveryInvariant(String policy, int denseLayers) {
        for (int seed = 0; seed < 12; seed++) {
            var random = new SplittableRandom(seed);
            var options = options(policy, 190 + random.nextInt(200)).denseLayers(denseLayers)
                    .prefetch(policy.equals("arkvale") && random.nextBoolean())
                    .build();
            var runs = new CacheRun[3];
            try (var cache = cache(options, 400, 6)) {
                for (int event = 0; event < 150; event++) {
                    int i = random.nextInt(runs.length);
                    var run = runs[i];
                    if (run == null) {
                        runs[i] = open(cache, options, random.nextLong());
                    } else if (run.sequence.length() > 380 || random.nextInt(40) == 0) {
                        run.close();
                        runs[i] = null;
                    } else if (random.nextInt(5) == 0 && run.sequence.length() < 300) {
                        run.prompt(1 + random.nextInt(80), 1 + random.nextInt(40));
                    } else {
                        run.step();
                    }
                }
                for (var run : runs) {
                    if (run != null) {
                        run.close();
                    }
                }
                assertThat(cache.pool().used()).isZero();
                assertThat(cache.host().used()).isZero();
            }
        }
    }

    private static @Nullable CacheRun open(PagedCache cache, CacheOptions options, long seed) {
        try {
            return CacheRun.in(cache, SHAPE, options, 400, seed);
        } catch (KvMemoryException e) { // not even what it must be promised is free
            return null;
        }
    }

    @Test
    void aTextBeyondTheDeviceMemoryIsReadWithAPrefillBudget() {
        var options = options("arkvale", 500).prefillBudget(1000).build();
        try (var cache = cache(options, 3000, 1)) {
            var run = CacheRun.in(cache, SHAPE, options, 3000, 1);
            run.prompt(2200, 512);
            for (int i = 0; i < 20; i++) {
                run.step();
            }
            run.close();
        }
        assertThatThrownBy(() -> cache(options.toBuilder().prefillBudget(0).build(), 3000, 1))
                .isInstanceOf(KvMemoryException.class)
                .hasMessageContaining("raise CacheOptions.deviceMemory");
    }

    @Test
    void aPolicyThatEvictsNothingIsRefused() {
        assertThatThrownBy(() -> cache(options("quest", 100).build(), 400, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy quest evicts nothing")
                .hasMessageContaining("set CacheOptions.budget to tokens");
    }
}
