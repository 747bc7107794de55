package dev.kvasir.kernels.attention.reference;

/** The softmax weights of a query from the logits that its attention left: {@code w_t = exp(s_t - logSum)}. */
public final class AttentionWeights {
    private AttentionWeights() {}

    /**
     * {@code log sum_t exp(s_t)} of one query head from partial results of disjoint tokens: see {@link PagedAttention}.
     *
     * @param parts at least 1, {@code partStride} numbers apart from {@code offset}
     */
    public static float logSum(float[] partials, int offset, int parts, int partStride, int headDim) {
        float max = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < parts; p++) {
            max = Math.max(max, partials[offset + p * partStride + headDim]);
        }
        double sum = 0;
        for (int p = 0; p < parts; p++) {
            int stats = offset + p * partStride + headDim;
            sum += Math.exp(partials[stats] - max) * partials[stats + 1];
        }
        return (float) (max + Math.log(sum));
    }

    /** Writes the weights of the {@code tokens} tokens whose logits stand from {@code at} to the same places. */
    public static void weights(float[] logits, int at, int tokens, float logSum, float[] weights) {
        for (int t = at; t < at + tokens; t++) {
            weights[t] = (float) Math.exp((double) logits[t] - logSum);
        }
    }
}
