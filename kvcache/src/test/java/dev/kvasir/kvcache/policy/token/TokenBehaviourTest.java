package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** What tells the token policies apart, and what they refuse. */
class TokenBehaviourTest {
    private static final Map<String, String> SMALL = Map.of("queries", "8");

    private static TokenRun after(TokenPolicy policy, Map<String, String> options, float query) {
        var run = new TokenRun(policy, options, TokenRun.ANY, 24, 200, 3);
        run.prompt(60);
        float[] q = new float[TokenRun.QUERY_HEADS * TokenRun.HEAD_DIM];
        for (int i = 0; i < 40; i++) {
            Arrays.fill(q, i % 2 == 0 ? query : -query / 2);
            run.step(q);
        }
        return run;
    }

    private static List<Integer> leavers(TokenPolicy policy, Map<String, String> options, float query) {
        return after(policy, options, query).left;
    }

    @Test
    void snapkvDecidesOnceAndTheOthersGoOn() {
        assertThat(leavers(new SnapKvPolicy(), SMALL, 0.1f)).isEqualTo(leavers(new SnapKvPolicy(), SMALL, 3));
        assertThat(leavers(new RoCoPolicy(), Map.of("mode", "encoding"), 0.1f))
                .isEqualTo(leavers(new RoCoPolicy(), Map.of("mode", "encoding"), 3));
        assertThat(leavers(new RoCoPolicy(), Map.of("mode", "auto"), 0.1f))
                .isNotEqualTo(leavers(new RoCoPolicy(), Map.of("mode", "auto"), 3));
        assertThat(leavers(new ScissorhandsPolicy(), Map.of("drop", "0.1"), 0.1f))
                .isNotEqualTo(leavers(new ScissorhandsPolicy(), Map.of("drop", "0.1"), 3));
    }

    @Test
    void snapstreamsFrozenPartNeverLeaves() {
        var run = new TokenRun(new SnapStreamPolicy(), SMALL, TokenRun.ANY, 24, 200, 3);
        run.prompt(60);
        var frozen = List.copyOf(run.held.getFirst().subList(0, 12));
        run.steps(100);
        assertThat(run.held.getFirst()).startsWith(frozen.toArray(Integer[]::new)).endsWith(158, 159);
        assertThat(frozen).startsWith(0, 1, 2, 3);
    }

    @Test
    void keyformersNoiseIsItsSeeds() {
        assertThat(leavers(new KeyformerPolicy(), Map.of("seed", "1"), 1))
                .isEqualTo(leavers(new KeyformerPolicy(), Map.of("seed", "1"), 1))
                .isNotEqualTo(leavers(new KeyformerPolicy(), Map.of("seed", "2"), 1));
    }

    @Test
    void gumbelNoiseHasItsMeanAndVariance() {
        var noise = new GumbelNoise(1, 2, 3);
        double sum = 0;
        double squares = 0;
        int count = 200_000;
        for (int i = 0; i < count; i++) {
            float number = noise.at(i % 7, i / 7, i % 1000);
            sum += number;
            squares += (double) number * number;
        }
        double mean = sum / count;
        assertThat(mean).isCloseTo(0.5772, within(0.02));
        assertThat(squares / count - mean * mean).isCloseTo(Math.PI * Math.PI / 6, within(0.05));
    }

    @Test
    void selectingPoliciesEvictNothing() {
        for (var policy : List.of(new SparQPolicy(), new AlisaPolicy())) {
            var run = after(policy, Map.of(), 1);
            assertThat(run.held.getFirst()).hasSize(100);
            assertThat(run.rows.getLast().seen.getFirst()).hasSize(24);
        }
    }

    @Test
    void sparqGivesTheWeightOfWhatItLeavesOutToTheMeanOfTheValues() {
        var run = after(new SparQPolicy(), Map.of("rank", "8", "recent", "4"), 1);
        var plain = after(new SparQPolicy(), Map.of("rank", "8", "recent", "4", "reallocate", "no"), 1);
        assertThat(plain.out).isEqualTo(plain.attended);
        var all = run.held.getFirst();
        double[] softmax = SparQRule.approximate(run, 0, all, 8);
        double alpha = run.rows.getLast().seen.getFirst().stream().mapToDouble(token -> softmax[token]).sum();
        for (int d = 0; d < TokenRun.HEAD_DIM; d++) {
            int element = d;
            double mean = run.values.stream().mapToDouble(value -> value[element]).average().orElseThrow();
            assertThat((double) run.out[d]).isCloseTo(alpha * run.attended[d] + (1 - alpha) * mean, within(1e-5));
        }
    }

    @Test
    void storingInFewBitsCostsNothingOnItsGrid() {
        assertThat(StoringError.of(new float[]{9, 0, 1, 2, 3, 15, 7}, 1, 5, 4)).isCloseTo(0, within(1e-6f));
        assertThat(StoringError.of(new float[]{2, 2, 2}, 0, 3, 4)).isZero();
        assertThat(StoringError.of(new float[]{0, 0.5f, 1}, 0, 3, 1)).isCloseTo(0.5f, within(1e-6f));
    }

    private static TokenKeeper keeper(TokenPolicy policy, Map<String, String> options, int budget) {
        var all = CacheOptions.under(policy).policyOptions(options).build();
        return ((TokenPolicy) all.policy()).keeper(new TokenScope(0, 1, 4, 2, 8, budget, 1000, 0));
    }

    @Test
    void badValuesAreRefusedWithWhatMayBeGiven() {
        assertThatThrownBy(() -> keeper(new RoCoPolicy(), Map.of("mode", "both"), 64)).hasMessage(
                "policy roco: mode=both is not understood, give decoding, encoding or auto");
        assertThatThrownBy(() -> keeper(new SnapKvPolicy(), Map.of("queries", "0"), 64)).hasMessage(
                "policy snapkv: queries=0 is not understood, give a whole number from 1 to 65536");
        assertThatThrownBy(() -> keeper(new KeyformerPolicy(), Map.of("recent", "120%"), 64)).hasMessage(
                "policy keyformer: recent=120% is not understood, give a number of tokens (64) or a share (25%)");
        assertThatThrownBy(() -> keeper(new KeyformerPolicy(), Map.of("seed", "x"), 64)).hasMessage(
                "policy keyformer: seed=x is not understood, give a whole number");
        assertThatThrownBy(() -> keeper(new QHitterPolicy(), Map.of("lambda", "2"), 64)).hasMessage(
                "policy q-hitter: lambda=2 is not understood, give a number from 0 to 1");
        assertThatThrownBy(() -> keeper(new SparQPolicy(), Map.of("reallocate", "maybe"), 64)).hasMessage(
                "policy sparq: reallocate=maybe is not understood, give yes or no");
    }

    @Test
    void budgetsThatNoneCanHoldAreRefusedWithWhatToDo() {
        assertThatThrownBy(() -> keeper(new SnapKvPolicy(), Map.of(), 32)).hasMessage(
                "policy snapkv: queries=32 leaves nothing to choose of a budget of 32 tokens, lower it by CacheOptions.policyOptions queries=N or raise CacheOptions.budget");
        assertThatThrownBy(() -> keeper(new RoCoPolicy(), Map.of("mode", "auto"), 14)).hasMessage(
                "policy roco needs a budget of at least 15 tokens, 14 that stay and one to choose, and has 14: raise CacheOptions.budget");
        assertThatThrownBy(() -> keeper(new RoCoPolicy(), Map.of("mode", "auto", "stride", "90"), 64)).hasMessage(
                "policy roco: of a budget of 64 tokens at most 54 may leave at once and stride is 90: lower CacheOptions.policyOptions stride or raise CacheOptions.budget");
        assertThatThrownBy(() -> keeper(new QHitterPolicy(), Map.of("heavy", "80%"), 64)).hasMessage(
                "policy q-hitter: heavy=80% and recent=25% leave nothing to choose of a budget of 64 tokens, lower one by CacheOptions.policyOptions or raise CacheOptions.budget");
        assertThatThrownBy(() -> keeper(new SparQPolicy(), Map.of("rank", "9"), 64)).hasMessage(
                "policy sparq: rank=9 is more than the 8 elements of a key: lower it");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "100, 40", "1000, 999", "1000, 0"})
    void ranksPartLowFromHighAsSortingDoes(int size, int k) {
        var random = new java.util.SplittableRandom(size);
        var ranks = new RankBuffer(size);
        float[] scores = new float[size];
        for (int i = 0; i < size; i++) {
            scores[i] = random.nextInt(20) - 10; // many equals
            ranks.add(scores[i], i);
        }
        var sorted = java.util.stream.IntStream.range(0, size)
                .boxed()
                .sorted((a, b) -> scores[a] == scores[b] ? a - b : Float.compare(scores[a], scores[b]))
                .toList();
        int[] lowest = new int[k];
        ranks.lowestInOrder(k, lowest);
        assertThat(Arrays.stream(lowest).boxed().toList()).isEqualTo(sorted.subList(0, k));
        int[] highest = new int[size];
        assertThat(ranks.highest(k, highest, 0)).isEqualTo(k);
        assertThat(Arrays.stream(highest, 0, k).boxed().toList())
                .isEqualTo(sorted.subList(size - k, size).stream().sorted().toList());
    }
}
