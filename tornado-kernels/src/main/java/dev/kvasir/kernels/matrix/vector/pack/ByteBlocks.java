package dev.kvasir.kernels.matrix.vector.pack;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

import static jdk.incubator.vector.VectorOperators.ADD;

/**
 * Activations as {@code NibbleDot} wants them: each block of 32 rounded to whole numbers from -127 to 127, as {@link RoundedActivation}
 * does it, and laid out as
 *
 * <pre>{@code
 * block  [4] eight columns: bytes x0, x2, x4, x6, then x1, x3, x5, x7
 *        int -8 * sum of x, f32 scale, nothing up to 64 bytes
 * }</pre>
 */
public final class ByteBlocks {

    /** Ints of a block. */
    static final int INTS = 16;
    /** Bytes of a block. */
    public static final int BYTES = Integer.BYTES * INTS;
    /** Where a block's sum is, in ints; its scale follows. */
    public static final int OFFSET = 8;
    public static final int SCALE = 9;

    private static final int BLOCK = Activation.BLOCK;
    private static final int STEP = 16;

    private static final VectorShuffle<Byte> EVEN_FIRST = VectorShuffle.fromOp(ByteVector.SPECIES_128,
            i -> i & ~7 | i % 4 * 2 | i / 4 % 2);

    private ByteBlocks() {}

    /**
     * Rounds {@code count} blocks. A block with an infinity or NaN gets a scale that is not finite either.
     *
     * @param values {@code [count][32]}
     * @param blocks {@code [count][16]}
     */
    static void round(float[] values, int count, int[] blocks) {
        for (int b = 0; b < count; b++) {
            int to = b * INTS;
            float scale = RoundedActivation.scale(values, b * BLOCK);
            float inverse = RoundedActivation.inverse(scale);
            IntVector sum = IntVector.zero(IntVector.SPECIES_512);
            for (int i = 0; i < BLOCK; i += STEP) {
                IntVector x = RoundedActivation.rounded(
                        FloatVector.fromArray(FloatVector.SPECIES_512, values, b * BLOCK + i),
                        inverse);
                sum = x.add(sum);
                ((ByteVector) x.castShape(ByteVector.SPECIES_128, 0)).rearrange(EVEN_FIRST)
                        .reinterpretAsInts()
                        .intoArray(blocks, to + i / 4);
            }
            blocks[to + OFFSET] = -8
                    * (sum.reduceLanes(ADD) - BLOCK * Float.floatToRawIntBits(RoundedActivation.ROUNDER));
            blocks[to + SCALE] = Float.floatToRawIntBits(scale);
        }
    }
}
