package dev.kvasir.kernels.matrix.vector.pack;

import dev.kvasir.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

/**
 * Activations as {@code ShortDot} wants them: each block of 32 rounded to whole numbers from -127 to 127, the largest of them
 * +-127, and those made coefficients of the shifted lines, four at a time:
 *
 * <pre>
 * (x0, x1, x2, x3)  ->  (x0 - 16 x3 + 4096 x1,  x1 - 16 x0,  x2 - 16 x1 + 4096 x3,  x3 - 16 x2)
 * </pre>
 *
 * modulo 2^16, each twice side by side. While this runs no weights are read, so it is made of vectors.
 */
final class RoundedActivation {

    private static final int BLOCK = Activation.BLOCK;

    // Of every four elements, the one before, round and round; and the other of each pair.
    private static final VectorShuffle<Integer> BEFORE = VectorShuffle.fromOp(Lanes.INTS, i -> i & ~3 | i + 3 & 3);
    private static final VectorShuffle<Integer> OTHER = VectorShuffle.fromOp(Lanes.INTS, i -> i ^ 1);
    private static final VectorMask<Integer> EVEN = VectorMask.fromLong(Lanes.INTS, 0x5555_5555_5555_5555L);

    // 1.5 * 2^23: a float's last bit is 1 there, so adding it rounds (ties to even) and leaves the number in the last bits.
    static final float ROUNDER = 0x1.8p23f;

    private RoundedActivation() {}

    /**
     * Rounds {@code blocks} blocks. A block with an infinity or NaN gets a scale that is not finite either.
     *
     * @param values {@code [blocks][32]}
     * @param coefficients {@code [blocks][32]}: the coefficients
     * @param offsets {@code [blocks]}: -8 times the sum of a block's whole numbers, twice side by side
     * @param scales {@code [blocks]}: what the whole numbers are multiples of
     */
    static void round(float[] values, int blocks, int[] coefficients, int[] offsets, float[] scales) {
        int step = Lanes.INTS.length();
        for (int b = 0; b < blocks; b++) {
            int from = b * BLOCK;
            float scale = scale(values, from);
            float inverse = inverse(scale);
            IntVector sum = IntVector.zero(Lanes.INTS);
            for (int i = from; i < from + BLOCK; i += step) {
                IntVector x = rounded(FloatVector.fromArray(Lanes.FLOATS, values, i), inverse);
                sum = x.add(sum);
                IntVector coefficient = x.sub(x.rearrange(BEFORE).lanewise(LSHL, 4))
                        .add(x.rearrange(OTHER).lanewise(LSHL, 12), EVEN);
                coefficient.and(0xffff).or(coefficient.lanewise(LSHL, 16)).intoArray(coefficients, i);
            }
            int eight = -8 * sum.reduceLanes(ADD);
            offsets[b] = eight & 0xffff | eight << 16;
            scales[b] = scale;
        }
    }

    /** What the whole numbers of the block at {@code from} are multiples of. */
    static float scale(float[] values, int from) {
        // Positive floats are ordered as their bits are, with NaN above all.
        IntVector bits = IntVector.zero(Lanes.INTS);
        for (int i = from; i < from + BLOCK; i += Lanes.INTS.length()) {
            bits = FloatVector.fromArray(Lanes.FLOATS, values, i).reinterpretAsInts().and(0x7fff_ffff).max(bits);
        }
        return Float.intBitsToFloat(bits.reduceLanes(MAX)) / 127;
    }

    static float inverse(float scale) {
        return scale < Float.MIN_NORMAL ? 0 : 1 / scale;
    }

    /** Whole numbers in the lower 22 bits; what stands above them is that of {@link #ROUNDER}. */
    static IntVector rounded(FloatVector values, float inverse) {
        return values.mul(inverse).add(ROUNDER).reinterpretAsInts();
    }
}
