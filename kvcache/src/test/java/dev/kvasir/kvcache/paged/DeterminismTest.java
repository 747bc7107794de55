package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.paged.CacheRun.Copies;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.transfer.DeferredTransfers;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageMove;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** However fast or late copies are, the same pages are chosen and the same bits come out. */
class DeterminismTest {

    private record Trace(List<float[]> outputs, List<CacheRun.Event> decisions) {}

    private static Trace trace(Attend attend, boolean prefetch, Copies copies) {
        var options = CacheRun.options("arkvale")
                .pageSize(4)
                .budget(Budget.pages(9))
                .attend(attend)
                .prefetch(prefetch)
                .groups(Groups.KV_HEAD)
                .build();
        try (var run = new CacheRun(new CacheShape(3, 4, 2, 4), options, 260, 9, CacheRun.reference(copies))) {
            run.prompt(130, 50);
            for (int i = 0; i < 100; i++) {
                run.step();
            }
            assertThat(run.cache.stats().misses()).isPositive();
            assertThat(run.cache.stats().prefetched() > 0).isEqualTo(prefetch);
            return new Trace(run.outputs, run.events.stream().filter(e -> e.kind() != Kind.BACKED_UP).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"RESIDENT, false", "RESIDENT, true", "WINNERS, false", "WINNERS, true"})
    void theTimingOfCopiesChangesNothing(Attend attend, boolean prefetch) {
        var expected = trace(attend, prefetch, HostTransfers::new);
        Copies slow = (frames, host) -> new HostTransfers(frames, host, 2, (from, fromOffset, to, toOffset, n) -> {
            LockSupport.parkNanos(50_000);
            PageMove.COPY.move(from, fromOffset, to, toOffset, n);
        });
        for (var copies : List.<Copies>of(HostTransfers::new, slow,
                (frames, host) -> new DeferredTransfers(frames, host, 1),
                (frames, host) -> new DeferredTransfers(frames, host, 2))) {
            var actual = trace(attend, prefetch, copies);
            assertThat(actual.decisions()).isEqualTo(expected.decisions());
            assertThat(actual.outputs()).usingElementComparator(Arrays::compare).isEqualTo(expected.outputs());
        }
    }
}
