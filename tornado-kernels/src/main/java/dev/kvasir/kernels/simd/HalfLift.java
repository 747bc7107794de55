package dev.kvasir.kernels.simd;

/**
 * Multiplies with half floats that were not decoded. With its bits moved to where a float has sign, exponent and fraction
 * ({@link #HALF_BITS}) a half float reads as 2^-112 of itself, because the exponents' zero is at 15 in one and at
 * 127 in the other; that holds for the smallest ones, too.
 *
 * <p>What it is multiplied with is lifted in return, only not by all of 2^112, at which large numbers would overflow, nor
 * by so little that products with small ones would be lost below the normal floats. The rest is put back once a sum, and not
 * once a product.
 */
public final class HalfLift {
    /**
     * Sign, exponent and fraction of an f16 number in the upper half of an int once that was shifted right by three: as a
     * float, 2^-112 of the number.
     */
    public static final int HALF_BITS = 0x8fffe000;

    /** What queries and weights of tokens are multiplied with. */
    public static final float LIFT = 0x1p80f;
    /** What sums of products with lifted numbers are multiplied with: the rest to 2^112. */
    public static final float REST = 0x1p32f;

    /** Lifted numbers are below two to the power of this: no sum of products with 2^-112 f16 overflows. */
    private static final int EXPONENT = 80;
    private static final int MOST = 96;

    private HalfLift() {}

    /** The power of two to lift numbers with of which {@code largest} is the largest. */
    public static float of(float largest) {
        return Math.scalb(1f, Math.min(MOST, EXPONENT - 1 - Math.getExponent(largest)));
    }
}
