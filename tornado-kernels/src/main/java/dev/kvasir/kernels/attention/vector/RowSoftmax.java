package dev.kvasir.kernels.attention.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.simd.Exponential.LN2_HIGH;
import static dev.kvasir.kernels.simd.Exponential.LN2_LOW;
import static dev.kvasir.kernels.simd.Exponential.LOG2_E;
import static dev.kvasir.kernels.simd.Exponential.ROUNDER;
import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/** The exponentials of a row of scores, in place. */
public final class RowSoftmax {
    private static final int LANES = FLOATS.length();
    /** Stands for minus infinity, because a difference of two of them is no NaN. */
    private static final float MASKED = -1e30f;

    // Below this 2^n is no longer a normal number: the result is 0.
    private static final float SMALLEST = -87f;

    private RowSoftmax() {}

    /**
     * Replaces each of the first {@code n} scores by {@code lift exp(s - max)} and the rest up to {@code width} by 0. Written
     * out in one method, too large for C2 to inline: a caller with large loops of its own leaves no room to inline the
     * pieces, which would then allocate their vectors.
     *
     * @param width in whole vectors
     * @param before a maximum that this row's may not fall below
     * @param lift a power of two that the exponentials, not their sum, are multiplied with
     * @param lanes scratch for one vector
     * @param stats receives the maximum and the sum of the exponentials, from {@code statsAt}; they are always added in
     *            the same order: the order within {@code reduceLanes(ADD)} is the compiler's
     */
    static void weights(float[] s, int at, int n, int width, float before, float lift, float[] lanes, float[] stats,
            int statsAt) {
        for (int i = n; i < width; i++) {
            s[at + i] = MASKED;
        }
        FloatVector maxima = FloatVector.broadcast(FLOATS, before);
        for (int i = 0; i < width; i += LANES) {
            // Called on the vector just loaded: C2 has its class. The class of a variable of the loop it may lack, and then
            // it allocates.
            maxima = FloatVector.fromArray(FLOATS, s, at + i).max(maxima);
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
            sums = p.add(sums);
        }
        sums.intoArray(lanes, 0);
        float sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += lanes[i];
        }
        stats[statsAt] = max;
        stats[statsAt + 1] = sum;
    }

    /** One lane of the exponentials of {@link #weights}, to the bit. */
    static float exp(float x) {
        if (x < SMALLEST) {
            return 0;
        }
        float shifted = Math.fma(x, LOG2_E, ROUNDER);
        float k = shifted - ROUNDER;
        float r = Math.fma(k, -LN2_HIGH, x);
        r = Math.fma(k, -LN2_LOW, r);
        float p = Math.fma(1f / 720, r, 1f / 120);
        p = Math.fma(p, r, 1f / 24);
        p = Math.fma(p, r, 1f / 6);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
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
