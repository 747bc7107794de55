package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.transfer.DeferredTransfers;
import dev.kvasir.kvcache.transfer.HostTransfers;
import dev.kvasir.kvcache.transfer.PageMove;
import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** Long random runs under random options; {@link CacheRun} checks every table and every output after each step. */
class PagedCacheInvariantsTest {
    private static final String[] POLICIES = {"arkvale", "arkvale", "arkvale", "streaming-llm", "random", "quest",
        "infllm"};

    @Property(tries = 90, seed = "20240920")
    void everyInvariantHoldsAfterEveryStep(@ForAll long seed, @ForAll @IntRange(min = 0, max = 2) int copies) {
        var random = new SplittableRandom(seed);
        int kvHeads = 1 << random.nextInt(3);
        var shape = new CacheShape(1 + random.nextInt(3), kvHeads * (1 + random.nextInt(2)), kvHeads,
                2 + random.nextInt(4));
        int sinks = random.nextInt(3);
        int window = 2 + random.nextInt(3);
        int pageSize = 4 << random.nextInt(2);
        var options = CacheRun.options(POLICIES[random.nextInt(POLICIES.length)])
                .pageSize(pageSize)
                .sinkPages(sinks)
                .windowPages(window)
                .budget(Budget.pages(2 * (sinks + window) + random.nextInt(5)))
                .denseLayers(random.nextInt(2))
                .topkTokens(pageSize * (1 + random.nextInt(6)))
                .digest(DigestKind.values()[random.nextInt(DigestKind.values().length)])
                .groups(random.nextBoolean() ? Groups.LAYER : Groups.KV_HEAD)
                .aggregation(HeadAggregation.values()[random.nextInt(2)])
                .turnover(Turnover.values()[random.nextInt(2)])
                .attend(Attend.values()[random.nextInt(2)])
                .prefetch(random.nextBoolean())
                .prefillQueries(1 + random.nextInt(3))
                .extend(random.nextInt(3) == 0 ? Extend.SELECT : Extend.EXACT)
                .build();
        int prompt = random.nextInt(20 * pageSize);
        int steps = 30 + random.nextInt(8 * pageSize);
        int[] texts = new int[random.nextInt(4)];
        Arrays.setAll(texts, i -> 1 + random.nextInt(4 * pageSize));
        try (var run = new CacheRun(shape, options, prompt + steps + Arrays.stream(texts).sum(), random.nextLong(),
                CacheRun.reference(copies(copies, seed)))) {
            if (prompt > 0) {
                run.prompt(prompt, 1 + random.nextInt(prompt));
            }
            for (int i = 0; i < steps; i++) {
                for (int text = 0; text < texts.length; text++) {
                    if (i == (text + 1) * steps / (texts.length + 1)) {
                        run.prompt(texts[text], 1 + random.nextInt(texts[text]));
                    }
                }
                run.step();
            }
        }
    }

    private static CacheRun.Copies copies(int kind, long seed) {
        return switch (kind) {
            case 0 -> HostTransfers::new;
            case 1 -> (frames, host) -> new DeferredTransfers(frames, host, seed);
            default -> (frames, host) -> new HostTransfers(frames, host, 2, (from, fromOffset, to, toOffset, n) -> {
                LockSupport.parkNanos(20_000);
                PageMove.COPY.move(from, fromOffset, to, toOffset, n);
            });
        };
    }

    @Example
    void onlyAsManyAreEvictedAsAreRecalledAndNoneThatIsMoreImportantThanOneThatStays() {
        var options = CacheRun.options("arkvale").pageSize(4).budget(Budget.pages(10)).build();
        try (var run = new CacheRun(new CacheShape(1, 2, 1, 4), options, 400, 5)) {
            run.prompt(160, 64);
            int recalled = 0;
            for (int i = 0; i < 120; i++) {
                run.events.clear();
                run.step();
                recalled += checkVictims(run);
            }
            assertThat(recalled).isPositive();
        }
    }

    /** Of one step of one layer; returns the recalls. */
    private static int checkVictims(CacheRun run) {
        var group = run.sequence.group(0, 0);
        var evicted = run.events.stream().filter(e -> e.kind() == Kind.EVICTED).toList();
        var recalled = new HashSet<Integer>();
        run.events.stream().filter(e -> e.kind() == Kind.RECALLED).forEach(e -> recalled.add(e.page()));
        boolean opened = run.sequence.length() % run.options.pageSize() == 1;
        assertThat(evicted).hasSize(recalled.size() + (opened ? 1 : 0));
        for (var victim : evicted.subList(opened ? 1 : 0, evicted.size())) {
            for (int i = 0; i < group.table.size(); i++) {
                int page = group.table.page(i);
                boolean could = page >= group.limits().sinks() && page < group.pages - group.limits().window()
                        && run.events.stream().noneMatch(e -> e.kind() == Kind.SELECTED && e.page() == page);
                assertThat(!could || group.importance[page] >= victim.importance()).isTrue();
            }
        }
        return recalled.size();
    }
}
