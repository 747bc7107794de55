package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TotalBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Budgets that differ by layer ({@code pyramid}) or by head ({@code ada}) follow the papers, at equal total memory. */
class DividedBudgetsTest {
    private static final CacheShape SHAPE = new CacheShape(5, 6, 3, 8);
    private static final int PAGE = 4;
    private static final int BUDGET = 24;
    private static final int PROMPT = 90;
    private static final int LENGTH = 120;
    private static final int QUERIES = 8;

    private static CacheOptions options(String policy, int budget, int dense, Map<String, String> own) {
        return SlotRun.options(policy).policyOptions(own).budget(Budget.tokens(budget)).denseLayers(dense).build();
    }

    private static SlotRun run(String policy, int dense) {
        return new SlotRun(SHAPE, options(policy, BUDGET, dense, Map.of("queries", Integer.toString(QUERIES))), LENGTH,
                7, ReferenceKvDevice::new);
    }

    private static int[] layerBudgets(int layers, int budget, int maxTokens, Map<String, String> own) {
        var policy = (TokenPolicy) options("pyramid", budget, 0, own).policy();
        var total = new TotalBudget(2, layers, 3, budget, PAGE, maxTokens);
        return IntStream.range(2, 2 + layers).map(layer -> policy.layerBudget(total, layer)).toArray();
    }

    @ParameterizedTest
    @CsvSource({"32, 128, 20, 8", "28, 512, 20, 32", "5, 24, 20, 8", "5, 22, 3, 8", "2, 64, 1, 16", "1, 64, 20, 8",
        "80, 132, 7, 8"})
    void pyramidDecreasesLinearlyAsInThePaper(int layers, int budget, int beta, int window) {
        int[] budgets = layerBudgets(layers, budget, 4096,
                Map.of("beta", Integer.toString(beta), "queries", Integer.toString(window)));

        // the paper's ends and the line between them, as fractions
        double low = (double) (budget - window) / beta;
        double high = 2.0 * (budget - window) - low;
        for (int l = 0; l < layers; l++) {
            double exact = layers == 1 ? budget : window + high - l * (high - low) / (layers - 1);
            int least = Math.ceilDiv(window + 1, PAGE) * PAGE;
            if (exact >= least && budgets[l] > least) {
                assertThat((double) budgets[l]).as("layer %d of %s", l, Arrays.toString(budgets))
                        .isCloseTo(exact, within((double) PAGE * 2));
            }
            assertThat(budgets[l]).isGreaterThan(window);
            assertThat(l == 0 || budgets[l] <= budgets[l - 1]).as(Arrays.toString(budgets)).isTrue();
        }
        assertThat(Arrays.stream(budgets).sum()).isEqualTo(layers * budget / PAGE * PAGE);
    }

    @Test
    void noLayerOfAPyramidGetsMoreThanTheSequenceHas() {
        int[] budgets = layerBudgets(4, 64, 80, Map.of("queries", "8"));

        // high = 80 - 8, low = 2 * 56 - 72 = 40: 80, 69.3, 58.7, 48
        assertThat(budgets).containsExactly(80, 68, 60, 48);
    }

    @Test
    void aPyramidTakesAsManyFramesAsEqualBudgets() {
        for (int dense : new int[]{0, 1, 4}) {
            assertThat(framesAfterPrompt("pyramid", dense)).isEqualTo(framesAfterPrompt("snapkv", dense));
        }
    }

    @Test
    void dividedHeadsTakeAsManyFramesAsEqualBudgets() {
        for (int dense : new int[]{0, 1}) {
            assertThat(framesAfterPrompt("ada", dense)).isEqualTo(framesAfterPrompt("snapkv", dense));
        }
    }

    /** Frames held after the prompt, and after every step to the end. */
    private static int framesAfterPrompt(String policy, int dense) {
        try (var run = run(policy, dense)) {
            run.prompt(PROMPT, 17);
            int frames = managedFrames(run, dense);
            while (run.sequence.length() < LENGTH) {
                run.step();
                assertThat(managedFrames(run, dense)).isEqualTo(frames);
            }
            return frames;
        }
    }

    private static int managedFrames(SlotRun run, int dense) {
        int frames = 0;
        for (int layer = dense; layer < SHAPE.layers(); layer++) {
            for (int head = 0; head < SHAPE.kvHeads(); head++) {
                frames += Math.ceilDiv(run.sequence.layer(layer).count(head), PAGE);
            }
        }
        return frames;
    }

    @Test
    void thePlanPromisesTheSameMemoryForEqualAndForDividedBudgets() {
        long equal = limit("snapkv");

        assertThat(limit("ada")).isEqualTo(equal);
        // beside the layers' frames there is room for the prompt of the smallest layer, which lacks the most
        long smallest = (long) SHAPE.kvHeads() * (BUDGET - 12) / PAGE * 2 * SHAPE.headDim() * 4 * PAGE;
        assertThat(limit("pyramid")).isEqualTo(equal + smallest);
    }

    private static long limit(String policy) {
        try (var cache = SlotCache.create(SHAPE, options(policy, BUDGET, 0, Map.of("queries", "8")), LENGTH, 1,
                ReferenceKvDevice::new, CacheEvents.NONE)) {
            return cache.stats().deviceBytesLimit();
        }
    }

    @Test
    void adaDividesByTheScoresOfAllHeadsAsInThePaper() {
        try (var run = run("ada", 0)) {
            run.prompt(PROMPT, 17);
            boolean differs = false;
            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                int[] expected = adaBudgets(run, layer);
                assertThat(run.sequence.layer(layer).budgets).as("layer %d", layer).isEqualTo(expected);
                for (int head = 0; head < SHAPE.kvHeads(); head++) {
                    assertThat(run.sequence.layer(layer).count(head)).isEqualTo(expected[head]);
                    differs |= expected[head] != BUDGET;
                }
            }
            assertThat(differs).as("some head has another budget than the mean").isTrue();
        }
    }

    private record Scored(int head, int position, double score) {}

    /** Algorithm 1 of Ada-KV with a safeguard of 0.2 over SnapKV's scores, as plain loops; then whole frames. */
    private static int[] adaBudgets(SlotRun run, int layer) {
        int judged = PROMPT - QUERIES;
        List<Scored> all = new ArrayList<>();
        for (int head = 0; head < SHAPE.kvHeads(); head++) {
            double[] votes = votes(run, layer, head);
            for (int j = 0; j < judged; j++) {
                double sum = 0;
                for (int i = Math.max(0, j - 2); i <= Math.min(judged - 1, j + 2); i++) {
                    sum += votes[i];
                }
                all.add(new Scored(head, j, sum / 5));
            }
        }
        all.sort(Comparator.comparingDouble(Scored::score).reversed());
        int[] counts = new int[SHAPE.kvHeads()];
        all.subList(0, SHAPE.kvHeads() * (BUDGET - QUERIES)).forEach(scored -> counts[scored.head()]++);
        double[] exact = Arrays.stream(counts)
                .mapToDouble(count -> QUERIES + 0.2 * (BUDGET - QUERIES) + 0.8 * count)
                .toArray();
        int[] frames = Arrays.stream(exact).mapToInt(tokens -> (int) (tokens / PAGE + 1e-9)).toArray();
        List<Integer> byRemainder = new ArrayList<>(IntStream.range(0, frames.length).boxed().toList());
        byRemainder.sort(Comparator.comparingDouble(h -> -Math.round(1e6 * (exact[h] / PAGE - frames[h]))));
        int left = SHAPE.kvHeads() * BUDGET / PAGE - Arrays.stream(frames).sum();
        byRemainder.subList(0, left).forEach(h -> frames[h]++);
        return Arrays.stream(frames).map(count -> count * PAGE).toArray();
    }

    /** What the prompt's last queries give each token before them, the mean over the query heads of a KV head. */
    private static double[] votes(SlotRun run, int layer, int head) {
        int shared = SHAPE.queryHeads() / SHAPE.kvHeads();
        double[] votes = new double[PROMPT - QUERIES];
        for (int q = PROMPT - QUERIES; q < PROMPT; q++) {
            for (int s = 0; s < shared; s++) {
                double[] weights = new double[q + 1];
                double sum = 0;
                for (int j = 0; j <= q; j++) {
                    double logit = 0;
                    for (int d = 0; d < SHAPE.headDim(); d++) {
                        logit += run.queries.get(layer).get(q)[(head * shared + s) * SHAPE.headDim() + d]
                                * run.keys.get(layer).get(j)[head * SHAPE.headDim() + d];
                    }
                    weights[j] = Math.exp(logit / Math.sqrt(SHAPE.headDim()));
                    sum += weights[j];
                }
                for (int j = 0; j < votes.length; j++) {
                    votes[j] += weights[j] / sum / shared;
                }
            }
        }
        return votes;
    }

    @Test
    void aBudgetThatCannotBeDividedIsRefusedWithWhatWouldDo() {
        assertThatThrownBy(() -> layerBudgets(4, 8, 100, Map.of("queries", "8")))
                .hasMessageContaining("policy pyramid: queries=8 leaves nothing to choose of a budget of 8 tokens");
        assertThatThrownBy(() -> layerBudgets(4, 9, 100, Map.of("queries", "8")))
                .hasMessageContaining("each part needs 3 frames of 4 tokens, raise CacheOptions.budget to 12");
        assertThatThrownBy(() -> SlotCache.create(SHAPE, options("ada", 9, 0, Map.of("queries", "8")), LENGTH, 1,
                ReferenceKvDevice::new, CacheEvents.NONE)).hasMessageContaining("raise CacheOptions.budget to 12");
    }
}
