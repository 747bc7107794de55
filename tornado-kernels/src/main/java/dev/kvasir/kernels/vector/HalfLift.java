package dev.kvasir.kernels.vector;

/**
 * Multiplies with half floats that were not decoded. With its bits moved to where a float has sign, exponent and fraction
 * ({@link FloatDot#SCALE_BITS}) a half float reads as 2^-112 of itself, because the exponents' zero is at 15 in one and at
 * 127 in the other; that holds for the smallest ones, too.
 *
 * <p>What it is multiplied with is lifted in return, only not by all of 2^112, at which large numbers would overflow, nor
 * by so little that products with small ones would be lost below the normal floats. The rest is put back once a sum, and not
 * once a product.
 */
final class HalfLift {
    /** What queries and weights of tokens are multiplied with. */
    static final float LIFT = 0x1p80f;
    /** What sums of products with lifted numbers are multiplied with: the rest to 2^112. */
    static final float REST = 0x1p32f;

    /** Lifted numbers are below two to the power of this: no sum of products with 2^-112 f16 overflows. */
    private static final int EXPONENT = 80;
    private static final int MOST = 96;

    private HalfLift() {}

    /** The power of two to lift numbers with of which {@code largest} is the largest. */
    static float of(float largest) {
        return Math.scalb(1f, Math.min(MOST, EXPONENT - 1 - Math.getExponent(largest)));
    }
}
