package dev.kvasir.kernels.rows.vector;

import java.lang.foreign.MemorySegment;

import static dev.kvasir.kernels.simd.Exponential.LN2_HIGH;
import static dev.kvasir.kernels.simd.Exponential.LN2_LOW;
import static dev.kvasir.kernels.simd.Exponential.LOG2_E;
import static dev.kvasir.kernels.simd.Exponential.ROUNDER;

/**
 * The gate of a feed-forward layer: {@code silu(g) u = g / (1 + exp(-g)) u}. The exponential is within two units in the
 * last place ({@link dev.kvasir.kernels.simd.Exponential}).
 *
 * <p>The loops are plain, over arrays of this object and from index 0. C2 turns such loops into vectors, as fast as those
 * of the Vector API; before it has, they take a hundredth of the time. It does not do so for a loop in which bits of whole
 * numbers become a float, hence the copy between two loops. Not thread-safe.
 */
public final class SwiGlu {
    private static final int BLOCK = 512;
    // Beyond these the exponential would leave the range of normal floats: it becomes 2^-126 or 2^127 or so.
    private static final float LOWEST = -87.3365f;
    private static final float HIGHEST = 88.3762f;

    private final float[] gates = new float[BLOCK];
    private final float[] ups = new float[BLOCK];
    private final float[] mantissas = new float[BLOCK]; // exp(r)
    private final int[] exponents = new int[BLOCK]; // the bits of 2^n
    private final float[] powers = new float[BLOCK]; // 2^n
    private final MemorySegment exponentBits = MemorySegment.ofArray(exponents);
    private final MemorySegment powerBits = MemorySegment.ofArray(powers);

    /**
     * {@code gate_i = silu(gate_i) up_i}. An element's result is the same to the bit wherever it stands, so that a token's
     * does not depend on the tokens beside it.
     */
    public void apply(float[] gate, int gateAt, float[] up, int upAt, int n) {
        for (int from = 0; from < n; from += BLOCK) {
            int count = Math.min(BLOCK, n - from);
            System.arraycopy(gate, gateAt + from, gates, 0, count);
            System.arraycopy(up, upAt + from, ups, 0, count);
            exponentials(gates, mantissas, exponents, count);
            MemorySegment.copy(exponentBits, 0, powerBits, 0, 4L * count);
            multiply(gates, mantissas, powers, ups, count);
            System.arraycopy(gates, 0, gate, gateAt + from, count);
        }
    }

    /** {@code exp(-g)} as the product of a number about 1 and a power of two. */
    private static void exponentials(float[] g, float[] mantissas, int[] exponents, int n) {
        for (int i = 0; i < n; i++) {
            float x = Math.min(Math.max(-g[i], LOWEST), HIGHEST);
            float k = x * LOG2_E + ROUNDER - ROUNDER;
            float r = Math.fma(k, -LN2_HIGH, x);
            r = Math.fma(k, -LN2_LOW, r);
            // Taylor's series: at |r| <= 0.347 the first term left out, r^8 / 8!, is below 2^-24.
            float p = Math.fma(1f / 5040, r, 1f / 720);
            p = Math.fma(p, r, 1f / 120);
            p = Math.fma(p, r, 1f / 24);
            p = Math.fma(p, r, 1f / 6);
            p = Math.fma(p, r, 0.5f);
            p = Math.fma(p, r, 1f);
            mantissas[i] = Math.fma(p, r, 1f);
            exponents[i] = (int) k + 127 << 23;
        }
    }

    private static void multiply(float[] g, float[] mantissas, float[] powers, float[] up, int n) {
        for (int i = 0; i < n; i++) {
            g[i] = g[i] / (mantissas[i] * powers[i] + 1f) * up[i];
        }
    }
}
