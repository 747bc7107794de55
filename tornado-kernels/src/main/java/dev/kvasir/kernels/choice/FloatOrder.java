package dev.kvasir.kernels.choice;

/** The order in which numbers compete: {@code -0} equals {@code 0}, and a NaN is below every number. */
public final class FloatOrder {

    private FloatOrder() {}

    /** An int that is larger exactly if the float is. */
    public static int key(float value) {
        if (Float.isNaN(value)) {
            return Integer.MIN_VALUE;
        }
        int bits = Float.floatToRawIntBits(value + 0f); // -0 + 0 is 0
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }
}
