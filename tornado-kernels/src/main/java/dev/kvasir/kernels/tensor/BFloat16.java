package dev.kvasir.kernels.tensor;

/** Scalar conversions between bfloat16 and float. */
public final class BFloat16 {
    private static final int QUIET_BIT = 0x40;

    private BFloat16() {}

    /** The float of the same value. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even; a NaN stays a NaN. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | QUIET_BIT);
        }
        int halfUlp = 0x7fff + (bits >>> 16 & 1);
        return (short) (bits + halfUlp >>> 16);
    }
}
