package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TokenView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One layer of one sequence of random tokens under a token policy, the arithmetic as plain loops. Each decision is compared
 * with a {@link Rule}, and the budget is checked at each step.
 */
final class TokenRun {
    static final int QUERY_HEADS = 4;
    static final int KV_HEADS = 2;
    static final int HEAD_DIM = 8;

    /** A policy's rule, written down once more, from the whole history. Positions ascend. */
    interface Rule {
        default List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
            throw new AssertionError("not asked");
        }

        default int leaving(TokenRun run, int kvHead, List<Integer> held) {
            throw new AssertionError("not asked");
        }

        default List<Integer> select(TokenRun run, int kvHead, List<Integer> held) {
            throw new AssertionError("not asked");
        }
    }

    /** Agrees with everything: the run is then checked for its budget alone. */
    static final Rule ANY = new Rule() {
    };

    /** What one query attended to. */
    static final class Row implements TokenAttention {
        final int query;
        final float[] q; // [queryHeads * headDim]
        final List<List<Integer>> seen = new ArrayList<>(); // [kvHeads]
        final float[][] logits = new float[QUERY_HEADS][];
        final float[][] weights = new float[QUERY_HEADS][];

        Row(int query, float[] q) {
            this.query = query;
            this.q = q;
        }

        /** The mean weight of a token, 0 if the query did not attend to it. */
        float meanAt(int kvHead, int position) {
            int i = seen.get(kvHead).indexOf(position);
            return i < 0 ? 0 : mean(kvHead, i);
        }

        boolean sees(int kvHead, int position) {
            return seen.get(kvHead).contains(position);
        }

        @Override
        public int query() {
            return query;
        }

        @Override
        public float logit(int queryHead, int i) {
            return logits[queryHead][i];
        }

        @Override
        public float weight(int queryHead, int i) {
            return weights[queryHead][i];
        }

        @Override
        public float mean(int kvHead, int i) {
            int shared = QUERY_HEADS / KV_HEADS;
            float sum = 0;
            for (int head = kvHead * shared; head < (kvHead + 1) * shared; head++) {
                sum += weights[head][i];
            }
            return sum / shared;
        }

        @Override
        public int length() {
            return query + 1;
        }

        @Override
        public int count(int kvHead) {
            return seen.get(kvHead).size();
        }

        @Override
        public int position(int kvHead, int i) {
            return seen.get(kvHead).get(i);
        }
    }

    final int budget;
    final TokenScope scope;
    final List<float[]> keys = new ArrayList<>(); // [kvHeads * headDim] of each token
    final List<float[]> values = new ArrayList<>();
    final List<Row> rows = new ArrayList<>(); // of every query
    final List<List<Integer>> held = new ArrayList<>(); // [kvHeads] of positions
    final List<Integer> left = new ArrayList<>(); // of KV head 0, in their order
    float[] attended = {}; // [queryHeads * headDim], before amending
    float[] out = {};
    int promptTokens;
    private final TokenPolicy policy;
    private final TokenKeeper keeper;
    private final Rule rule;
    private final SplittableRandom random;

    TokenRun(TokenPolicy policy, Map<String, String> options, Rule rule, int budget, int maxTokens, long seed) {
        this.policy = (TokenPolicy) CacheOptions.under(policy).policyOptions(options).build().policy();
        this.rule = rule;
        this.budget = budget;
        scope = new TokenScope(3, 4, QUERY_HEADS, KV_HEADS, HEAD_DIM, budget, maxTokens, 0);
        keeper = this.policy.keeper(scope);
        random = new SplittableRandom(seed);
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            held.add(new ArrayList<>());
        }
    }

    private float[] normal(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private TokenView view() {
        return new View(keys.size());
    }

    private class View implements TokenView {
        private final int length;

        View(int length) {
            this.length = length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int count(int kvHead) {
            return held.get(kvHead).size();
        }

        @Override
        public int position(int kvHead, int i) {
            return held.get(kvHead).get(i);
        }
    }

    private final class Query extends View implements TokenQuery {
        private final float[] q;

        Query(float[] q) {
            super(keys.size());
            this.q = q;
        }

        @Override
        public float[] queries() {
            return q;
        }

        @Override
        public int at(int queryHead) {
            return queryHead * HEAD_DIM;
        }

        @Override
        public void keys(int kvHead, int element, float[] numbers) {
            for (int i = 0; i < count(kvHead); i++) {
                numbers[i] = keys.get(position(kvHead, i))[kvHead * HEAD_DIM + element];
            }
        }
    }

    /** Reads a prompt. */
    void prompt(int tokens) {
        promptTokens = tokens;
        keeper.textBegins(0, tokens);
        int queries = keeper.promptQueries(tokens);
        int block = keeper.promptBlock();
        int first = 0;
        while (first < tokens) {
            int count = block == 0 ? tokens : Math.min(first == 0 ? budget : block, tokens - first);
            append(first, count);
            for (int query = first; query < first + count; query++) {
                int last = query;
                var seen = held.stream().map(of -> of.stream().filter(position -> position <= last).toList()).toList();
                var row = attend(query, normal(QUERY_HEADS * HEAD_DIM), seen);
                if (query >= tokens - queries) {
                    keeper.observe(row);
                }
            }
            first += count;
            cut();
        }
    }

    private void append(int first, int count) {
        float[] k = normal(1 + count * KV_HEADS * HEAD_DIM);
        float[] v = normal(2 + count * KV_HEADS * HEAD_DIM);
        for (int t = 0; t < count; t++) {
            int at = t * KV_HEADS * HEAD_DIM;
            keys.add(Arrays.copyOfRange(k, 1 + at, 1 + at + KV_HEADS * HEAD_DIM));
            values.add(Arrays.copyOfRange(v, 2 + at, 2 + at + KV_HEADS * HEAD_DIM));
            for (var of : held) {
                of.add(first + t);
            }
        }
        keeper.appended(first, count, k, 1, v, 2);
    }

    private void cut() {
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            if (policy.evicts() && held.get(kvHead).size() > budget) {
                int[] kept = new int[scope.maxTokens()];
                var before = List.copyOf(held.get(kvHead));
                int count = ((EvictingKeeper) keeper).retain(view(), kvHead, kept);
                if (rule != ANY) {
                    assertThat(list(kept, count)).as("kept of %d by head %d", before.size(), kvHead)
                            .isEqualTo(rule.retain(this, kvHead, before));
                }
                assertThat(count).isEqualTo(budget);
                held.set(kvHead, new ArrayList<>(list(kept, count)));
            }
        }
    }

    private static List<Integer> list(int[] positions, int count) {
        return IntStream.range(0, count).mapToObj(i -> positions[i]).toList();
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step(normal(QUERY_HEADS * HEAD_DIM));
        }
    }

    /** Decodes a token with this query. */
    void step(float[] q) {
        int position = keys.size();
        for (int kvHead = 0; policy.evicts() && kvHead < KV_HEADS; kvHead++) {
            if (held.get(kvHead).size() == budget) {
                var before = List.copyOf(held.get(kvHead));
                int victim = ((EvictingKeeper) keeper).leaving(view(), kvHead);
                if (rule != ANY) {
                    assertThat(victim).as("token that leaves head %d at %d", kvHead, position)
                            .isEqualTo(rule.leaving(this, kvHead, before));
                }
                assertThat(held.get(kvHead).remove((Object) victim)).isTrue();
                if (kvHead == 0) {
                    left.add(victim);
                }
            }
        }
        append(position, 1);
        boolean selects = !policy.evicts() && position >= budget;
        var seen = new ArrayList<List<Integer>>();
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            if (selects) {
                int[] chosen = new int[scope.maxTokens()];
                int count = ((SelectingKeeper) keeper).select(new Query(q), kvHead, chosen);
                seen.add(list(chosen, count));
            } else {
                seen.add(List.copyOf(held.get(kvHead)));
            }
            assertThat(seen.get(kvHead)).hasSizeLessThanOrEqualTo(budget).contains(position);
        }
        var row = attend(position, q, seen);
        out = attended.clone();
        if (selects) {
            for (int kvHead = 0; rule != ANY && kvHead < KV_HEADS; kvHead++) {
                assertThat(seen.get(kvHead)).as("selected by head %d at %d", kvHead, position)
                        .isEqualTo(rule.select(this, kvHead, List.copyOf(held.get(kvHead))));
            }
            ((SelectingKeeper) keeper).amend(out, 0);
        }
        if (keeper.observesSteps()) {
            keeper.observe(row);
        }
    }

    private Row attend(int query, float[] q, List<List<Integer>> seen) {
        var row = new Row(query, q);
        row.seen.addAll(seen);
        attended = new float[QUERY_HEADS * HEAD_DIM];
        for (int head = 0; head < QUERY_HEADS; head++) {
            int kvHead = head / (QUERY_HEADS / KV_HEADS);
            var positions = seen.get(kvHead);
            double[] logits = new double[positions.size()];
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                for (int d = 0; d < HEAD_DIM; d++) {
                    logits[i] += q[head * HEAD_DIM + d] * keys.get(positions.get(i))[kvHead * HEAD_DIM + d];
                }
                logits[i] /= Math.sqrt(HEAD_DIM);
                sum += Math.exp(logits[i]);
            }
            row.logits[head] = new float[logits.length];
            row.weights[head] = new float[logits.length];
            for (int i = 0; i < logits.length; i++) {
                row.logits[head][i] = (float) logits[i];
                row.weights[head][i] = (float) (Math.exp(logits[i]) / sum);
                for (int d = 0; d < HEAD_DIM; d++) {
                    attended[head * HEAD_DIM + d] += row.weights[head][i]
                            * values.get(positions.get(i))[kvHead * HEAD_DIM + d];
                }
            }
        }
        rows.add(row);
        return row;
    }
}
