package dev.kvasir.kernels.rows.vector;

import java.lang.foreign.MemorySegment;

/**
 * {@code silu(g) u = g / (1 + exp(-g)) u}. The exponential is within two units in the last place:
 * {@code x = n ln 2 + r}, {@code |r| <= ln 2 / 2}, a polynomial for {@code exp(r)}, and {@code 2^n} by its bits.
 *
 * <p>Plain loops over arrays of its own, all from index 0: those C2 turns into vectors, as fast as ones of the Vector API, and
 * until it has, they take a hundredth of the time that those would. A loop in which bits of whole numbers become a
 * float is none of them; hence the copy between two of them. Not thread-safe.
 */
public final class SwiGlu {
    private static final int BLOCK = 512;
    // Beyond these the exponential would leave the range of normal floats: it becomes 2^-126 or 2^127 or so.
    private static final float LOWEST = -87.3365f;
    private static final float HIGHEST = 88.3762f;
    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts, the first with so few bits that n times it is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    // Adding 1.5 * 2^23 rounds to a whole number.
    private static final float ROUNDER = 12582912f;

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
