package dev.kvasir.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code exp(x)} in vector lanes, within two units in the last place: {@code x = n ln 2 + r}, {@code |r| <= ln 2 / 2}, a
 * polynomial for {@code exp(r)}, and {@code 2^n} put into the exponent.
 */
final class VectorExp {

    // Beyond these the result would leave the range of normal floats: it becomes 2^-126 or 2^127 or so.
    private static final float LOWEST = -87.3365f;
    private static final float HIGHEST = 88.3762f;
    private static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts, the first with so few bits that n times it is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 12582912f;

    private VectorExp() {}

    static FloatVector exp(FloatVector x) {
        FloatVector in = x.max(LOWEST).min(HIGHEST);
        FloatVector rounded = in.mul(LOG2_E).add(ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(constant(-LN2_HIGH), in);
        r = n.fma(constant(-LN2_LOW), r);
        return polynomial(r).reinterpretAsInts()
                .add(
                        rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    // Taylor's series: at |r| <= 0.347 the first term left out, r^8 / 8!, is below 2^-24.
    private static FloatVector polynomial(FloatVector r) {
        FloatVector p = constant(1f / 5040);
        p = p.fma(r, constant(1f / 720));
        p = p.fma(r, constant(1f / 120));
        p = p.fma(r, constant(1f / 24));
        p = p.fma(r, constant(1f / 6));
        p = p.fma(r, constant(0.5f));
        p = p.fma(r, constant(1f));
        return p.fma(r, constant(1f));
    }

    /** One lane of {@link #exp(FloatVector)}, to the bit: for what is left over where vectors end. */
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

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(Lanes.FLOATS, value);
    }
}
