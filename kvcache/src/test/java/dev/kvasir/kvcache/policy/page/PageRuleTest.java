package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.FakeView;
import dev.kvasir.kvcache.policy.PageLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page policies decide on given importances, step by step, against their rules. */
class PageRuleTest {
    private static final int[] ALL = IntStream.range(0, 40).toArray(); // pages

    private static List<Integer> best(float[] importance, int from, int to, int k) {
        return IntStream.range(from, to)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(page -> -importance[page]).thenComparing(page -> page))
                .limit(k)
                .sorted()
                .toList();
    }

    private static float[] random(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static List<Integer> list(int[] pages, int count) {
        return IntStream.range(0, count).mapToObj(i -> pages[i]).toList();
    }

    @Test
    void questReadsTheBestAndThePageBeingFilled() {
        var options = CacheOptions.under(new QuestPolicy()).build().settings();
        var limits = new QuestPolicy().limits(options, 7);
        assertThat(limits).isEqualTo(new PageLimits(7, 0, 1, 6));
        var random = new SplittableRandom(1);
        for (int pages = 8; pages < 40; pages++) {
            float[] importance = random(random, pages - 1);
            int[] winners = new int[pages];
            int count = new QuestPolicy().select(new FakeView(limits, pages, new int[0], importance, new int[0]),
                    winners);
            assertThat(list(winners, count)).isEqualTo(best(importance, 0, pages - 1, 6));
        }
    }

    @Test
    void infllmsSharesAreTheOriginals() {
        var options = CacheOptions.under(new InfLlmPolicy()).pageSize(128).sinkPages(1).build().settings();
        assertThat(new InfLlmPolicy().limits(options, 65)).isEqualTo(new PageLimits(65, 1, 32, 16));
        assertThat(new InfLlmPolicy().floor(options).pages()).isEqualTo(4);
    }

    @Test
    void infllmEvictsTheBlocksThatWonTheLongestTimeAgo() {
        var policy = new InfLlmPolicy();
        var limits = policy.limits(CacheOptions.under(policy).build().settings(), 20); // 2 sinks, 10 of window, 8 cached, 4 won
        assertThat(limits).isEqualTo(new PageLimits(20, 2, 10, 4));
        var random = new SplittableRandom(2);
        int pages = 40;
        var resident = new TreeSet<Integer>();
        IntStream.concat(IntStream.range(0, 10), IntStream.range(30, 40)).forEach(resident::add);
        var lastWon = new HashMap<Integer, Long>();
        int recalls = 0;
        for (long step = 1; step <= 200; step++) {
            float[] importance = random(random, pages - 1);
            int[] winners = new int[pages];
            int count = policy.select(view(limits, pages, resident, importance, List.of(), lastWon), winners);
            var won = list(winners, count);
            assertThat(won).isEqualTo(best(importance, 2, 30, 4));
            for (int page : won) {
                lastWon.put(page, step);
            }
            var missing = won.stream().filter(page -> !resident.contains(page)).toList();
            var expected = resident.stream()
                    .filter(page -> page >= 2 && page < 30 && !won.contains(page))
                    .sorted(Comparator.<Integer>comparingLong(page -> lastWon.getOrDefault(page, 0L)))
                    .limit(missing.size())
                    .toList();
            int[] victims = new int[pages];
            policy.victims(view(limits, pages, resident, importance, won, lastWon), missing.size(), victims);
            assertThat(list(victims, missing.size())).isEqualTo(expected);
            resident.removeAll(expected);
            resident.addAll(missing);
            recalls += missing.size();
        }
        assertThat(recalls).isGreaterThan(100);
    }

    private static FakeView view(PageLimits limits, int pages, TreeSet<Integer> resident, float[] importance,
            List<Integer> won, Map<Integer, Long> lastWon) {
        return new FakeView(limits, pages, resident.stream().mapToInt(page -> page).toArray(), importance,
                won.stream().mapToInt(page -> page).toArray(), lastWon);
    }

    @Test
    void randomSparesSinksAndWindowAndPrefersNone() {
        var options = CacheOptions.under(new RandomPolicy()).build();
        int[] timesKept = new int[40];
        int[] timesLeft = new int[40];
        for (int seed = 0; seed < 400; seed++) {
            var seeded = options.toBuilder().policyOptions(Map.of("seed", "" + seed)).build();
            var policy = (RandomPolicy) seeded.policy();
            var limits = policy.limits(options.settings(), 14);
            int[] kept = new int[40];
            int count = policy.retain(new FakeView(limits, 40, ALL, new float[0], new int[0]), kept);
            var pages = list(kept, count);
            assertThat(pages).hasSize(14).startsWith(0, 1).endsWith(38, 39).isSorted();
            pages.forEach(page -> timesKept[page]++);

            int[] residents = IntStream.range(26, 40).toArray();
            residents[0] = 0;
            residents[1] = 1;
            int leaving = policy.leaving(new FakeView(limits, 41, residents, new float[0], new int[0]));
            assertThat(leaving).isBetween(28, 38);
            timesLeft[leaving]++;
        }
        for (int page = 2; page < 38; page++) {
            assertThat(timesKept[page]).as("page %d", page).isBetween(70, 160); // 10 of 36, 400 times: 111 +- 9
        }
        for (int page = 28; page <= 38; page++) {
            assertThat(timesLeft[page]).as("page %d", page).isBetween(15, 60); // 1 of 11: 36 +- 6
        }
    }

    @Test
    void randomIsTheSameAgainAndAnotherInEachLayer() {
        var seen = new HashSet<List<Integer>>();
        for (int layer = 0; layer < 5; layer++) {
            seen.add(randomKept(layer));
            assertThat(randomKept(layer)).isEqualTo(randomKept(layer));
        }
        assertThat(new ArrayList<>(seen)).hasSizeGreaterThan(3);
    }

    private static List<Integer> randomKept(int layer) {
        var policy = new RandomPolicy();
        int[] kept = new int[40];
        int count = policy.retain(new FakeView(new PageLimits(14, 2, 2, 7), 40, ALL, new float[0], new int[0],
                Map.of(), layer), kept);
        return list(kept, count);
    }
}
