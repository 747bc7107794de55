package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The same oracles over the device that people use. */
class VectorCacheTest {
    private static final CacheShape SHAPE = new CacheShape(2, 4, 2, 20);

    private final Workers workers = new Workers(2);

    @AfterEach
    void endWorkers() {
        workers.close();
    }

    private CacheRun run(CacheOptions options, Workers team) {
        var run = new CacheRun(SHAPE, options, 300, 9,
                (geometry, frames) -> new VectorKvDevice(geometry, frames, team));
        run.prompt(170, 70);
        for (int i = 0; i < 100; i++) {
            run.step();
        }
        return run;
    }

    @ParameterizedTest
    @CsvSource({"CENTROID, layer, RESIDENT", "CENTROID, kv-head, WINNERS", "CUBOID_MEAN, kv-head, RESIDENT",
        "CUBOID_CORNERS, kv-head, RESIDENT", "CUBOID_CORNERS, layer, WINNERS"})
    void everyInvariantHolds(DigestKind digest, String groups, Attend attend) {
        var options = CacheRun.options("arkvale")
                .pageSize(8)
                .budget(Budget.pages(9))
                .denseLayers(1)
                .digest(digest)
                .groups(Groups.parse(groups))
                .attend(attend)
                .build();
        try (var run = run(options, workers)) {
            assertThat(run.cache.stats().recalled()).isPositive();
        }
    }

    @Test
    void theNumberOfWorkersChangesNoBit() {
        var options = CacheRun.options("arkvale").pageSize(8).budget(Budget.pages(9)).build();
        try (var alone = new Workers(1); var one = run(options, alone); var two = run(options, workers)) {
            assertThat(two.outputs).usingElementComparator(Arrays::compare).isEqualTo(one.outputs);
        }
    }

    @Test
    void aBudgetThatHoldsTheContextChangesNoBit() {
        var options = CacheRun.options("full").pageSize(8).build();
        try (var full = run(options, workers)) {
            for (var budget : List.of(Budget.pages(34), Budget.UNLIMITED)) {
                try (var budgeted = run(options.toBuilder().policy(Policies.named("arkvale")).budget(budget).build(),
                        workers)) {
                    assertThat(budgeted.outputs).usingElementComparator(Arrays::compare).isEqualTo(full.outputs);
                }
            }
        }
    }
}
