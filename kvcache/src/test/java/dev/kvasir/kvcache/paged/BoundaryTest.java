package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Prompts around one page and around the budget, with every small number of sinks, window pages and groups. */
class BoundaryTest {
    private static final int P = 4;

    private record Case(int prompt, int sinks, int window, Groups groups, Turnover turnover) {}

    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (int sinks = 0; sinks <= 2; sinks++) {
            for (int window = 2; window <= 4; window++) {
                int b = 2 * (sinks + window);
                for (int prompt : new int[]{1, P - 1, P, P + 1, b * P - 1, b * P, b * P + 1, (b + 3) * P}) {
                    boolean odd = (cases.size() & 1) == 1;
                    cases.add(new Case(prompt, sinks, window, odd ? Groups.KV_HEAD : Groups.LAYER,
                            (cases.size() & 2) == 0 ? Turnover.FIFO : Turnover.SCORE));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBoundaryHolds(Case c) {
        int budget = 2 * (c.sinks() + c.window());
        var options = CacheRun.options("arkvale")
                .pageSize(P)
                .sinkPages(c.sinks())
                .windowPages(c.window())
                .budget(Budget.pages(budget))
                .groups(c.groups())
                .turnover(c.turnover())
                .build();
        int steps = 2 * P + 1;
        try (var run = new CacheRun(new CacheShape(1, 2, 2, 3), options, c.prompt() + steps, c.prompt())) {
            run.prompt(c.prompt(), P + 1);
            for (int i = 0; i < steps; i++) {
                run.step();
            }
        }
    }

    @Test
    void moreThan6144PagesAreChosenFrom() {
        int pages = 6200;
        var options = CacheRun.options("arkvale").pageSize(P).budget(Budget.pages(20)).build();
        var shape = new CacheShape(1, 1, 1, 1);
        try (var run = new CacheRun(shape, options, pages * P + 8, 3)) {
            run.sequence.fillRandom(pages * P - 2, 4);
            var group = run.sequence.group(0, 0);
            assertThat(group.table.size()).isEqualTo(20);
            float[] out = new float[1];
            for (int i = 0; i < 8; i++) {
                run.sequence.beginStep();
                run.sequence.step(0, run.normal(1), 0, run.normal(1), 0, run.normal(1), 0, out, 0);
                assertThat(group.digests.digests()).isEqualTo(group.pages - 1);
                assertThat(group.winnerCount).isEqualTo(10);
                double least = Double.POSITIVE_INFINITY;
                for (int w = 0; w < 10; w++) {
                    assertThat(group.table.contains(group.winners[w])).isTrue();
                    least = Math.min(least, group.importance[group.winners[w]]);
                }
                int better = 0;
                for (int page = 2; page < group.pages - 2; page++) {
                    better += group.importance[page] > least ? 1 : 0;
                }
                assertThat(better).isLessThan(10);
            }
        }
    }

    @Test
    void aSequenceMayBeginWithoutAPrompt() {
        var options = CacheRun.options("arkvale").pageSize(P).budget(Budget.pages(8)).build();
        try (var run = new CacheRun(new CacheShape(2, 2, 1, 3), options, 60, 8)) {
            for (int i = 0; i < 60; i++) {
                run.step();
            }
            assertThat(run.cache.stats().evicted()).isPositive();
        }
    }
}
