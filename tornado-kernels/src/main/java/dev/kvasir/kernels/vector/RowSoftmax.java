package dev.kvasir.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.vector.Lanes.FLOATS;

/** The exponentials of a row of scores, in place. */
final class RowSoftmax {
    private static final int LANES = FLOATS.length();
    /** Stands for minus infinity, because a difference of two of them is no NaN. */
    private static final float MASKED = -1e30f;

    // exp(x) = 2^n exp(r), n = round(x log2 e). Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
    private static final float LOG2_E = 1.44269504f;
    private static final float ROUNDER = 12582912f;
    // ln 2 in two parts; the first has few enough bits that its product with n is exact.
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    // Below this 2^n is no longer a normal number: the result is 0.
    private static final float SMALLEST = -87f;

    private RowSoftmax() {}

    /** Masks {@code s[at + n .. at + width)} and returns the maximum of the first {@code n}; {@code width} in whole vectors. */
    static float maskAndMax(float[] s, int at, int n, int width) {
        for (int i = n; i < width; i++) {
            s[at + i] = MASKED;
        }
        FloatVector max = FloatVector.broadcast(FLOATS, MASKED);
        for (int i = 0; i < width; i += LANES) {
            max = max.max(FloatVector.fromArray(FLOATS, s, at + i));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** {@link #liftedExponentials} without a factor. */
    static float exponentials(float[] s, int at, int width, float max, float[] lanes) {
        return liftedExponentials(s, at, width, max, 1, lanes);
    }

    /**
     * Replaces each score by {@code lift exp(s - max)}; masked ones become 0.
     *
     * @param lift a power of two
     * @param lanes scratch for one vector
     * @return the sum of {@code exp(s - max)}, always added in the same order: the order within {@code reduceLanes(ADD)} is
     *         the compiler's
     */
    static float liftedExponentials(float[] s, int at, int width, float max, float lift, float[] lanes) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < width; i += LANES) {
            FloatVector p = exp(FloatVector.fromArray(FLOATS, s, at + i).sub(max));
            p.mul(lift).intoArray(s, at + i);
            sums = sums.add(p);
        }
        sums.intoArray(lanes, 0);
        float sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += lanes[i];
        }
        return sum;
    }

    /** {@code e^x} for {@code x <= 0}, to a relative error of 3e-7; 0 below -87. */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        // Taylor's coefficients: |r| <= ln 2 / 2, where the first term left out is 1.7e-7 of the result.
        FloatVector p = FloatVector.broadcast(FLOATS, 1f / 720);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        var scaled = p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
        return scaled.reinterpretAsFloats().blend(0f, x.lt(SMALLEST));
    }
}
