package dev.kvasir.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.vector.Lanes.FLOATS;

/**
 * {@code silu(g) u = g / (1 + exp(-g)) u}. The exponential is within two units in the last place:
 * {@code x = n ln 2 + r}, {@code |r| <= ln 2 / 2}, a polynomial for {@code exp(r)}, and {@code 2^n} put into the exponent.
 */
final class SwiGlu {
    // Beyond these the exponential would leave the range of normal floats: it becomes 2^-126 or 2^127 or so.
    private static final float LOWEST = -87.3365f;
    private static final float HIGHEST = 88.3762f;
    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts, the first with so few bits that n times it is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
    private static final float ROUNDER = 12582912f;

    private SwiGlu() {}

    /**
     * As {@link Elementwise#swiGlu}. Written out in one method, too large for C2 to inline: within a caller that has used up
     * the room for inlining it would allocate its vectors.
     */
    static void apply(float[] gate, int gateAt, float[] up, int upAt, int n) {
        int i = 0;
        for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
            FloatVector g = FloatVector.fromArray(FLOATS, gate, gateAt + i);
            FloatVector x = g.neg().max(LOWEST).min(HIGHEST);
            FloatVector rounded = x.mul(LOG2_E).add(ROUNDER);
            FloatVector k = rounded.sub(ROUNDER);
            FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
            r = k.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
            // Taylor's series: at |r| <= 0.347 the first term left out, r^8 / 8!, is below 2^-24.
            FloatVector p = FloatVector.broadcast(FLOATS, 1f / 5040);
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 720));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            FloatVector e = p.reinterpretAsInts()
                    .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
            g.div(e.add(1f)).mul(FloatVector.fromArray(FLOATS, up, upAt + i)).intoArray(gate, gateAt + i);
        }
        for (; i < n; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = g / (exp(-g) + 1f) * up[upAt + i];
        }
    }

    /** One lane of the loop above, to the bit: for what is left over where vectors end. */
    static float exp(float x) {
        float in = Math.min(Math.max(x, LOWEST), HIGHEST);
        float rounded = in * LOG2_E + ROUNDER;
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, in);
        r = Math.fma(n, -LN2_LOW, r);
        float p = 1f / 5040;
        p = Math.fma(p, r, 1f / 720);
        p = Math.fma(p, r, 1f / 120);
        p = Math.fma(p, r, 1f / 24);
        p = Math.fma(p, r, 1f / 6);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(rounded) << 23));
    }
}
