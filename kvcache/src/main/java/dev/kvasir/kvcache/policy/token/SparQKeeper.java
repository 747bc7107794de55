package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/** The tokens of one layer of a sequence under {@link SparQPolicy}. */
final class SparQKeeper implements SelectingKeeper {
    private final TokenScope scope;
    private final int rank;
    private final int local;
    private final boolean reallocates;
    private final double[] valueSums; // [kvHeads * headDim]
    private int values; // how many
    private final float[] sizes; // [headDim] sums of |q| over the query heads of a KV head
    private final int[] largest; // [rank] elements
    private final float[] elements; // [maxTokens] one element of every key
    private final float[][] logits; // [shared][maxTokens], then their softmax
    private final RankBuffer ranks;
    private final float[] alphas; // [queryHeads]

    SparQKeeper(TokenScope scope, int rank, int local, boolean reallocates) {
        this.scope = scope;
        this.rank = rank;
        this.local = local;
        this.reallocates = reallocates;
        valueSums = new double[scope.kvHeads() * scope.headDim()];
        sizes = new float[scope.headDim()];
        largest = new int[rank];
        elements = new float[scope.maxTokens()];
        logits = new float[scope.shared()][scope.maxTokens()];
        ranks = new RankBuffer(scope.maxTokens());
        alphas = new float[scope.queryHeads()];
    }

    @Override
    public boolean observesSteps() {
        return false;
    }

    @Override
    public void appended(int first, int tokens, float[] k, int kOffset, float[] v, int vOffset) {
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < valueSums.length; i++) {
                valueSums[i] += v[vOffset + t * valueSums.length + i];
            }
        }
        values += tokens;
    }

    @Override
    public int select(TokenQuery query, int kvHead, int[] chosen) {
        int count = query.count(kvHead);
        chooseElements(query, kvHead);
        for (int shared = 0; shared < scope.shared(); shared++) {
            Arrays.fill(logits[shared], 0, count, 0);
        }
        for (int element : largest) {
            query.keys(kvHead, element, elements);
            for (int shared = 0; shared < scope.shared(); shared++) {
                float q = query.queries()[query.at(kvHead * scope.shared() + shared) + element];
                for (int i = 0; i < count; i++) {
                    logits[shared][i] += q * elements[i];
                }
            }
        }
        for (int shared = 0; shared < scope.shared(); shared++) {
            softmax(logits[shared], count, scale(query, kvHead * scope.shared() + shared));
        }
        return choose(query, kvHead, count, chosen);
    }

    /** The elements of largest |q|, of equals the lower. */
    private void chooseElements(TokenQuery query, int kvHead) {
        Arrays.fill(sizes, 0);
        for (int head = kvHead * scope.shared(); head < (kvHead + 1) * scope.shared(); head++) {
            for (int d = 0; d < sizes.length; d++) {
                sizes[d] += Math.abs(query.queries()[query.at(head) + d]);
            }
        }
        for (int i = 0; i < rank; i++) {
            int best = 0;
            for (int d = 1; d < sizes.length; d++) {
                if (sizes[d] > sizes[best]) {
                    best = d;
                }
            }
            largest[i] = best;
            sizes[best] = -1;
        }
    }

    /** {@code 1 / sqrt(d sum|q_R| / sum|q|)}: the fewer elements, the flatter the softmax would be without. */
    private float scale(TokenQuery query, int head) {
        double all = 0;
        double chosen = 0;
        for (int d = 0; d < scope.headDim(); d++) {
            all += Math.abs(query.queries()[query.at(head) + d]);
        }
        for (int element : largest) {
            chosen += Math.abs(query.queries()[query.at(head) + element]);
        }
        return chosen == 0 ? 0 : (float) (1 / Math.sqrt(scope.headDim() * chosen / all));
    }

    private static void softmax(float[] numbers, int count, float scale) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            numbers[i] *= scale;
            max = Math.max(max, numbers[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.exp(numbers[i] - max);
            sum += numbers[i];
        }
        float inverse = (float) (1 / sum);
        for (int i = 0; i < count; i++) {
            numbers[i] *= inverse;
        }
    }

    private int choose(TokenQuery query, int kvHead, int count, int[] chosen) {
        ranks.clear();
        for (int i = 0; i < count - local; i++) {
            float sum = 0;
            for (int shared = 0; shared < scope.shared(); shared++) {
                sum += logits[shared][i];
            }
            ranks.add(sum, i);
        }
        int end = ranks.highest(scope.budget() - local, chosen, 0);
        for (int i = count - local; i < count; i++) {
            chosen[end++] = i;
        }
        for (int shared = 0; shared < scope.shared(); shared++) {
            double alpha = 0;
            for (int i = 0; i < end; i++) {
                alpha += logits[shared][chosen[i]];
            }
            alphas[kvHead * scope.shared() + shared] = (float) Math.min(1, alpha);
        }
        for (int i = 0; i < end; i++) {
            chosen[i] = query.position(kvHead, chosen[i]);
        }
        return end;
    }

    @Override
    public void amend(float[] out, int offset) {
        if (!reallocates) {
            return;
        }
        for (int head = 0; head < scope.queryHeads(); head++) {
            int of = head / scope.shared() * scope.headDim();
            int at = offset + head * scope.headDim();
            for (int d = 0; d < scope.headDim(); d++) {
                out[at + d] = (float) (alphas[head] * out[at + d] + (1 - alphas[head]) * valueSums[of + d] / values);
            }
        }
    }

    @Override
    public void save(StateWriter state, int tokens) {
        state.writeDoubles(valueSums, valueSums.length);
        state.writeInt(values);
    }

    @Override
    public void restore(StateReader state, int tokens) {
        state.readDoubles(valueSums);
        values = state.readInt();
    }
}
