package dev.kvasir.kernels.attention.vector;

import jdk.incubator.vector.FloatVector;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/** The softmax weights of a query from the logits that its attention left: {@code w_t = exp(s_t - logSum)}. */
public final class AttentionWeights {
    private static final int LANES = FLOATS.length();

    private AttentionWeights() {}

    /** Writes the weights of the {@code tokens} tokens whose logits stand from {@code at} to the same places. */
    public static void weights(float[] logits, int at, int tokens, float logSum, float[] weights) {
        int t = at;
        for (int end = at + tokens - LANES; t <= end; t += LANES) {
            // A logit above the sum of all by a rounding error is within what exp takes.
            RowSoftmax.exp(FloatVector.fromArray(FLOATS, logits, t).sub(logSum)).intoArray(weights, t);
        }
        for (; t < at + tokens; t++) {
            weights[t] = (float) Math.exp(logits[t] - logSum);
        }
    }
}
