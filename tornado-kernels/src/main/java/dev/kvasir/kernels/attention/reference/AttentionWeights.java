package dev.kvasir.kernels.attention.reference;

/** The softmax weights of a query from the logits that its attention left: {@code w_t = exp(s_t - logSum)}. */
public final class AttentionWeights {
    private AttentionWeights() {}

    /** Writes the weights of the {@code tokens} tokens whose logits stand from {@code at} to the same places. */
    public static void weights(float[] logits, int at, int tokens, float logSum, float[] weights) {
        for (int t = at; t < at + tokens; t++) {
            weights[t] = (float) Math.exp((double) logits[t] - logSum);
        }
    }
}
