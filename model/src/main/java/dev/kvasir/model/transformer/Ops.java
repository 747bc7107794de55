package dev.kvasir.model.transformer;

import dev.kvasir.model.config.RopePairing;

/**
 * The operations of a transformer that do not use the KV cache. Activations are rows of floats, one row per token. No
 * operation allocates. An operation may use several cores, but only one call may run at a time.
 */
public interface Ops extends WeightPacker, AutoCloseable {

    /**
     * {@code out[r][i] = x[r][i] * weight[i] / sqrt(mean_j x[r][j]^2 + epsilon)} for {@code rows} rows of
     * {@code weight.length} elements. {@code x} and {@code out} may be the same array and offset.
     */
    void rmsNorm(float[] x, int xOffset, int rows, float[] weight, float epsilon, float[] out, int outOffset);

    /**
     * {@code y[m][t] = W[m] x[t]} for all matrices {@code m}, which have the same number of columns, over one input.
     *
     * @param x {@code [tokens][cols]} from {@code xOffset}
     * @param y for each matrix {@code [tokens][rows]}
     */
    void linear(PackedWeight[] weights, float[] x, int xOffset, int tokens, float[][] y);

    /**
     * Turns the pairs of every head by the angles of its token.
     *
     * @param x {@code [tokens][heads][headDim]}
     * @param cos {@code [tokens][rotaryDim / 2]} from {@code angleOffset}; {@code sin} too
     */
    void rope(RopePairing pairing, float[] x, int tokens, int heads, int headDim, float[] cos, float[] sin,
            int angleOffset, int rotaryDim);

    /** {@code gate[i] = gate[i] / (1 + exp(-gate[i])) * up[i]} for {@code n} elements. */
    void swiGlu(float[] gate, float[] up, int n);

    /** {@code x[xOffset + i] += y[i]} for {@code n} elements. */
    void add(float[] x, int xOffset, float[] y, int n);

    @Override
    void close();
}
