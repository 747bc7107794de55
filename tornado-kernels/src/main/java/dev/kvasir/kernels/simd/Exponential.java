package dev.kvasir.kernels.simd;

/**
 * The constants of {@code exp(x) = 2^n exp(r)} with {@code n = round(x log2 e)} and {@code r = x - n ln 2}, so that
 * {@code |r| <= ln 2 / 2}. Then {@code exp(r)} is a Taylor polynomial and {@code 2^n} is made of bits. The loops that use
 * them are written out at each place, because C2 does not inline them everywhere.
 */
public final class Exponential {
    /** {@code log2 e}. */
    public static final float LOG2_E = 1.44269504f;

    /** The first part of {@code ln 2}, with so few bits that its product with {@code n} is exact. */
    public static final float LN2_HIGH = 0.693359375f;

    /** The rest of {@code ln 2}. */
    public static final float LN2_LOW = -2.12194440e-4f;

    /** 1.5 * 2^23: adding it rounds to a whole number, and leaves that number in the low bits. */
    public static final float ROUNDER = 12582912f;

    private Exponential() {}
}
