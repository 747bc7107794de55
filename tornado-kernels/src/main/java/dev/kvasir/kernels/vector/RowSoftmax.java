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

    /**
     * Replaces each score by {@code exp(s - max)}; masked ones become 0.
     *
     * @param lanes scratch for one vector
     * @return their sum, always added in the same order: the order within {@code reduceLanes(ADD)} is the compiler's
     */
    static float exponentials(float[] s, int at, int width, float max, float[] lanes) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < width; i += LANES) {
            FloatVector p = exp(FloatVector.fromArray(FLOATS, s, at + i).sub(max));
            p.intoArray(s, at + i);
            sums = sums.add(p);
        }
        sums.intoArray(lanes, 0);
        float sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += lanes[i];
        }
        return sum;
    }

    /**
     * {@link #maskAndMax} and {@link #exponentials} in one, written out: a caller with large loops of its own leaves C2 no
     * room to inline the pieces, which would then allocate their vectors.
     *
     * @param lift a power of two that the exponentials, not their sum, are multiplied with
     * @param stats receives the maximum and the sum, from {@code statsAt}
     */
    static void weights(float[] s, int at, int n, int width, float lift, float[] lanes, float[] stats, int statsAt) {
        for (int i = n; i < width; i++) {
            s[at + i] = MASKED;
        }
        FloatVector maxima = FloatVector.broadcast(FLOATS, MASKED);
        for (int i = 0; i < width; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOATS, s, at + i));
        }
        float max = maxima.reduceLanes(VectorOperators.MAX);
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int i = 0; i < width; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, s, at + i).sub(max);
            FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDER));
            FloatVector k = shifted.sub(ROUNDER);
            FloatVector r = k.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
            r = k.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(FLOATS, 1f / 720);
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            p = p.reinterpretAsInts()
                    .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .blend(0f, x.lt(SMALLEST));
            p.mul(lift).intoArray(s, at + i);
            sums = sums.add(p);
        }
        sums.intoArray(lanes, 0);
        float sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += lanes[i];
        }
        stats[statsAt] = max;
        stats[statsAt + 1] = sum;
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
