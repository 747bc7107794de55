package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What each policy does with pages, seen from outside. */
class PolicyBehaviourTest {
    private static final int P = 4;
    private static final CacheShape SHAPE = new CacheShape(1, 1, 1, 4);

    private static CacheOptions.Builder options(String policy) {
        return CacheRun.options(policy).pageSize(P).sinkPages(1).windowPages(2).budget(Budget.pages(6));
    }

    private static int[] residents(CacheRun run) {
        var table = run.sequence.group(0, 0).table;
        return IntStream.range(0, table.size()).map(table::page).toArray();
    }

    @Test
    void streamingKeepsSinksAndTheNewestAndWhatLeavesNeverReturns() {
        try (var run = new CacheRun(SHAPE, options("streaming-llm").build(), 200, 1)) {
            run.prompt(50, 50);
            assertThat(residents(run)).containsExactly(0, 8, 9, 10, 11, 12);
            var gone = new HashSet<Integer>();
            for (int i = 0; i < 100; i++) {
                run.step();
                int newest = (run.sequence.length() - 1) / P;
                assertThat(residents(run)).containsExactly(0, newest - 4, newest - 3, newest - 2, newest - 1, newest);
                run.events.stream().filter(e -> e.kind() == Kind.EVICTED).forEach(e -> gone.add(e.page()));
                assertThat(Arrays.stream(residents(run)).boxed()).doesNotContainAnyElementsOf(gone);
            }
            var stats = run.cache.stats();
            assertThat(stats.evicted()).isEqualTo(gone.size()).isEqualTo(38 - 6);
            assertThat(stats.backedUp() + stats.recalled() + stats.hostBytesPeak()).isZero();
        }
    }

    /** A key that stands out in one direction; all others lie near zero. */
    private static float[] key(int direction) {
        float[] key = {0.01f, 0.02f, 0.01f, -0.02f};
        if (direction >= 0) {
            key[direction] = 30;
        }
        return key;
    }

    @Test
    void arkvaleBringsBackThePageThatAQueryNeeds() {
        var options = options("arkvale").digest(DigestKind.CUBOID_MAX).build();
        int needle = 5; // page
        try (var run = new CacheRun(SHAPE, options, 200, 1)) {
            for (int t = 0; t < 100; t++) {
                boolean inNeedle = t / P == needle;
                run.sequence.beginStep();
                run.stepLayer(0, new float[]{5, -5, 0, 0}, key(inNeedle ? 1 : -1),
                        new float[]{inNeedle ? 7 : 1, 0, 0, 0});
                run.checkTables();
            }
            assertThat(residents(run)).doesNotContain(needle);

            run.sequence.beginStep();
            float[] out = run.stepLayer(0, key(1), key(-1), new float[]{1, 0, 0, 0});
            run.checkTables();
            assertThat(residents(run)).contains(needle);
            assertThat(out[0]).isBetween(6.999f, 7.001f); // the needle's value, as full attention would give
            assertThat(run.events).anyMatch(e -> e.kind() == Kind.RECALLED && e.page() == needle && e.step() == 101);
        }
    }

    @Test
    void whenAPageOpensThePageThatJustLeftTheWindowLeavesUnderFifo() {
        try (var run = new CacheRun(SHAPE, options("arkvale").turnover(Turnover.FIFO).build(), 200, 3)) {
            run.prompt(10 * P, 10 * P);
            run.events.clear();
            run.step();
            var first = run.events.stream().filter(e -> e.kind() == Kind.EVICTED).findFirst().orElseThrow();
            assertThat(first.page()).isEqualTo(8); // window was 8, 9 and is 9, 10
        }
    }

    @Test
    void whenAPageOpensTheLeastImportantOfTheStepBeforeLeavesUnderScore() {
        try (var run = new CacheRun(SHAPE, options("arkvale").turnover(Turnover.SCORE).build(), 300, 3)) {
            run.prompt(10 * P + 1, 64);
            int turns = 0;
            for (int i = 0; i < 200; i++) {
                var group = run.sequence.group(0, 0);
                float least = Float.MAX_VALUE;
                int expected = -1;
                for (int page : residents(run)) {
                    boolean won = Arrays.stream(group.winners, 0, group.winnerCount).anyMatch(w -> w == page);
                    if (page >= 1 && page < group.pages - 1 && !won && group.importance(page) < least) {
                        least = group.importance(page);
                        expected = page;
                    }
                }
                run.events.clear();
                run.step();
                if (run.sequence.length() % P == 1) {
                    turns++;
                    assertThat(run.events.stream()
                            .filter(e -> e.kind() == Kind.EVICTED)
                            .findFirst()
                            .orElseThrow()
                            .page()).isEqualTo(expected);
                }
            }
            assertThat(turns).isEqualTo(50);
        }
    }

    @Test
    void thePromptIsCutDownBySinksBestAndWindow() {
        try (var run = new CacheRun(SHAPE, options("arkvale").build(), 200, 3)) {
            run.prompt(60, 60);
            var group = run.sequence.group(0, 0);
            assertThat(residents(run)).hasSize(6).startsWith(0).endsWith(13, 14);
            float worstKept = Float.MAX_VALUE;
            float bestGone = -Float.MAX_VALUE;
            for (int page = 1; page < 13; page++) {
                if (group.table.contains(page)) {
                    worstKept = Math.min(worstKept, group.importance(page));
                } else {
                    bestGone = Math.max(bestGone, group.importance(page));
                }
            }
            assertThat(worstKept).isGreaterThanOrEqualTo(bestGone);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "3, 7", "3, 60", "5, 1"})
    void thePromptIsJudgedByTheMeanOfItsLastQueries(int queries, int chunk) {
        // The centroid's estimate is q.mean(k): the query heads of a group and the last queries of the prompt, averaged.
        var options = options("arkvale").digest(DigestKind.CENTROID)
                .prefillQueries(queries)
                .groups(Groups.KV_HEAD)
                .build();
        var shape = new CacheShape(1, 4, 2, 4);
        int tokens = 60;
        try (var run = new CacheRun(shape, options, 100, 3)) {
            float[] q = run.normal(tokens * 16);
            float[] k = run.normal(tokens * 8);
            run.sequence.beginPrefill(tokens);
            for (int first = 0; first < tokens; first += chunk) {
                int count = Math.min(chunk, tokens - first);
                float[] keys = Arrays.copyOfRange(k, first * 8, (first + count) * 8);
                run.sequence.prefill(0, Arrays.copyOfRange(q, first * 16, (first + count) * 16), keys, keys, count,
                        new float[count * 16]);
            }
            run.sequence.endPrefill(0);
            for (int group = 0; group < 2; group++) {
                for (int page = 0; page < tokens / P - 1; page++) {
                    double expected = 0;
                    for (int query = tokens - queries; query < tokens; query++) {
                        for (int i = group * 8; i < group * 8 + 8; i++) { // two heads of 4
                            for (int t = page * P; t < (page + 1) * P; t++) {
                                expected += q[query * 16 + i] * k[t * 8 + group * 4 + i % 4] / P / 2 / queries;
                            }
                        }
                    }
                    assertThat(run.sequence.group(0, group).importance(page)).isCloseTo((float) expected,
                            within(1e-5f));
                }
            }
        }
    }

    @Test
    void denseLayersKeepEverythingAndAreNeitherDigestedNorBackedUp() {
        var shape = new CacheShape(3, 1, 1, 4);
        try (var run = new CacheRun(shape, options("arkvale").denseLayers(2).build(), 200, 3)) {
            run.prompt(60, 60);
            for (int i = 0; i < 50; i++) {
                run.step();
            }
            assertThat(run.sequence.group(0, 0).table.size()).isEqualTo(28);
            assertThat(run.sequence.group(1, 0).table.size()).isEqualTo(28);
            assertThat(run.sequence.group(2, 0).table.size()).isEqualTo(6);
            assertThat(run.events).noneMatch(e -> e.layer() < 2 && e.kind() != Kind.FILLED);
            assertThat(run.cache.counters().events(Kind.FILLED, 0)).isEqualTo(27);
            assertThat(run.cache.counters().events(Kind.BACKED_UP, 1)).isZero();
        }
    }
}
