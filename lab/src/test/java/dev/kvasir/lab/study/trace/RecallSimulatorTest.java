package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecallSimulatorTest {

    @Test
    void recallsWhatIsNeededAndGone() {
        var simulator = new RecallSimulator(2, 3, 8);
        simulator.begin(ranking(4, 3, 2, 1, 0));
        assertThat(simulator.step(ranking(4, 3, 2, 1, 0))).isZero();
        assertThat(simulator.step(ranking(0, 1, 4, 3, 2))).isEqualTo(2); // 4 stays, as the best of the others
        assertThat(simulator.step(ranking(4, 0, 1, 2, 3))).isZero();
        assertThat(simulator.step(ranking(2, 1, 0, 4, 3))).isEqualTo(1); // 4 leaves
        assertThat(simulator.step(ranking(4, 2, 0, 1, 3))).isEqualTo(1);
    }

    @Test
    void aPageThatLeavesTheWindowGoesIfThereIsNoRoom() {
        var full = new RecallSimulator(1, 2, 8);
        full.begin(ranking(1, 0));
        assertThat(full.step(ranking(2, 1, 0))).isEqualTo(1);
        var roomy = new RecallSimulator(1, 3, 8);
        roomy.begin(ranking(1, 0));
        assertThat(roomy.step(ranking(2, 1, 0))).isZero();
    }

    @Test
    void aCapacityBelowTheChoiceIsRefused() {
        assertThatThrownBy(() -> new RecallSimulator(5, 4, 8)).hasMessageContaining("capacity of 4");
    }

    /** With a single layer, the input of a cache does not depend on its evictions. */
    @Test
    void recallsAsManyAsTheCacheItself() {
        var shape = new CacheShape(1, 4, 2, 8);
        int prompt = 150;
        int steps = 90;
        var trace = Traces.wandering(shape, prompt, steps, 7);
        int pageSize = 4;
        for (int[] cell : List.of(new int[]{2, 4}, new int[]{4, 6}, new int[]{6, 10}, new int[]{3, 60})) {
            int budget = cell[1] + 4; // 2 sinks, 2 of window
            var options = CacheOptions.builder()
                    .policy(Policies.named("arkvale"))
                    .budget(Budget.pages(budget))
                    .pageSize(pageSize)
                    .denseLayers(0)
                    .topkTokens(cell[0] * pageSize)
                    .kvType(KvType.F32)
                    .build();
            assertThat(simulated(trace, options, cell[0], cell[1])).as("k %d, capacity %d", cell[0], cell[1])
                    .isEqualTo(cached(trace, options, prompt, steps));
        }
    }

    private static long simulated(AttentionTrace trace, CacheOptions options, int k, int capacity) {
        var scope = RankingScope.candidates(options);
        long recalls = 0;
        try (var estimates = new DigestEstimates(trace, 0, 0, 1, options.pageSize(), options.kvType(),
                List.of(DigestKind.CUBOID_MEAN))) {
            var simulator = new RecallSimulator(k, capacity, estimates.pages());
            for (int step = 0; step <= trace.steps(); step++) {
                int to = scope.end(trace, step);
                float[] scores = estimates.score(DigestKind.CUBOID_MEAN, options.aggregation(), step, to);
                var ranking = PageRanking.of(scope.sinks(), to, page -> scores[page]);
                if (step == 0) {
                    simulator.begin(ranking);
                } else {
                    recalls += simulator.step(ranking);
                }
            }
        }
        return recalls;
    }

    private static long cached(AttentionTrace trace, CacheOptions options, int prompt, int steps) {
        var shape = trace.shape();
        float[] out = new float[prompt * trace.queryStride()];
        try (var cache = PagedCache.create(CachePlan.of(shape, options, prompt + steps, 1), ReferenceKvDevice::new,
                CacheEvents.NONE);
                var sequence = cache.open(prompt + steps)) {
            float[] k = trace.keys(0);
            float[] q = new float[prompt * trace.queryStride()]; // only the last one ranks pages
            System.arraycopy(trace.queries(0), 0, q, (prompt - 1) * trace.queryStride(), trace.queryStride());
            sequence.beginPrefill(prompt);
            sequence.prefill(0, q, k, k, prompt, out);
            sequence.endPrefill(0);
            for (int step = 1; step <= steps; step++) {
                sequence.beginStep();
                int token = trace.position(step) * trace.keyStride();
                sequence.step(0, trace.queries(0), step * trace.queryStride(), k, token, k, token, out, 0);
            }
            return cache.stats().recalled();
        }
    }

    private static PageRanking ranking(int... order) {
        return new PageRanking(0, order);
    }
}
