package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Pages sent for by the query of the layer before: sooner there, and believed in by nobody. */
class PrefetchTest {
    private static final CacheShape SHAPE = new CacheShape(4, 4, 2, 4);
    private static final int STEPS = 60;

    private static CacheOptions.Builder options() {
        return CacheRun.options("arkvale").pageSize(4).budget(Budget.pages(10)).denseLayers(1).prefetch(true);
    }

    private static CacheRun run(CacheOptions options) {
        var run = new CacheRun(SHAPE, options, 110 + STEPS, 12);
        run.prompt(110, 40);
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        return run;
    }

    @ParameterizedTest
    @CsvSource({"layer, FIFO", "layer, SCORE", "kv-head, FIFO", "kv-head, SCORE"})
    void whereWinnersAloneAreAttendedNoBitChanges(String groups, Turnover turnover) {
        var options = options().attend(Attend.WINNERS).groups(Groups.parse(groups)).turnover(turnover);
        try (var early = run(options.build()); var late = run(options.prefetch(false).build())) {
            assertThat(early.outputs).usingElementComparator(Arrays::compare).isEqualTo(late.outputs);
            assertThat(early.cache.stats().prefetched()).isPositive();
            assertThat(early.cache.stats().misses()).isLessThan(late.cache.stats().misses());
        }
    }

    @Test
    void aBudgetThatHoldsTheContextIsPlainAttention() {
        var options = options().budget(Budget.tokens(200));
        try (var early = run(options.build()); var full = run(options.policy(Policies.named("full")).build())) {
            assertThat(early.outputs).usingElementComparator(Arrays::compare).isEqualTo(full.outputs);
            assertThat(early.cache.stats().prefetched()).isZero();
        }
    }

    @Test
    void whereTheNextLayersQueryIsTheSameNothingIsLeftToRecallLate() {
        try (var run = new CacheRun(SHAPE, options().build(), 110 + STEPS, 3)) {
            run.sequence.fillRandom(110, 5);
            int before = run.events.size();
            float[] out = new float[16];
            for (int i = 0; i < STEPS; i++) {
                run.sequence.beginStep();
                float[] q = run.normal(16);
                float[] k = run.normal(8);
                for (int layer = 0; layer < SHAPE.layers(); layer++) {
                    run.sequence.step(layer, q, 0, k, 0, k, 0, out, 0);
                }
            }
            var events = run.events.subList(before, run.events.size());
            assertThat(events).noneMatch(e -> e.kind() == Kind.RECALLED && e.layer() > 1);
            assertThat(events).noneMatch(e -> e.kind() == Kind.UNUSED);
            assertThat(events).anyMatch(e -> e.kind() == Kind.PREFETCHED && e.layer() == 3);
            assertThat(events).noneMatch(e -> e.kind() == Kind.PREFETCHED && e.layer() < 2);
            assertThat(run.cache.stats().prefetchAccuracy()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void victimsOfAGuessAreNeitherProtectedNorGuessedThemselves(int seed) {
        var options = options().sinkPages(1).windowPages(3).build();
        try (var run = new CacheRun(SHAPE, options, 110 + STEPS, seed)) {
            run.prompt(110, 40);
            for (int i = 0; i < STEPS; i++) {
                run.events.clear();
                run.step();
                checkVictims(run);
            }
        }
    }

    private static void checkVictims(CacheRun run) {
        int pages = (run.sequence.length() + 3) / 4;
        for (int layer = 2; layer < SHAPE.layers(); layer++) {
            var came = new HashSet<Integer>();
            var left = new HashSet<Integer>();
            CacheRun.Event before = null;
            for (var event : run.events) {
                if (event.layer() == layer && event.kind() == Kind.PREFETCHED) {
                    came.add(event.page());
                    assertThat(before).isNotNull();
                    assertThat(before.kind()).isEqualTo(Kind.EVICTED);
                    left.add(before.page());
                }
                before = event;
            }
            assertThat(left).hasSameSizeAs(came).allMatch(page -> page >= 1 && page < pages - 3);
            assertThat(came).doesNotContainAnyElementsOf(left);
        }
    }

    @Test
    void earlyLateAndUnusedAreCountedApart() {
        try (var run = run(options().build())) {
            var stats = run.cache.stats();
            long late = run.events.stream().filter(e -> e.kind() == Kind.RECALLED).count();
            long early = run.events.stream().filter(e -> e.kind() == Kind.PREFETCHED).count();
            assertThat(stats.prefetched()).isEqualTo(early);
            assertThat(stats.misses()).isEqualTo(late).isPositive();
            assertThat(stats.recalled()).isEqualTo(early + late);
            assertThat(stats.unused()).isBetween(1L, early - 1);
            assertThat(stats.prefetchAccuracy()).isBetween(0.01, 0.99);
            assertThat(stats.bytesToDevice()).isEqualTo((early + late) * (stats.deviceBytesLimit()
                    / run.cache.pool().frames()));
        }
    }
}
