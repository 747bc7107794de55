package dev.kvasir.kernels.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single numbers in a frame: read exactly, written rounded to nearest, ties to even. */
public final class Elements {
    private Elements() {}

    /** The number at byte {@code offset}. */
    public static float get(KvType type, MemorySegment memory, long offset) {
        return switch (type) {
            case F32 -> memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset);
            case F16 -> Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset));
            case BF16 -> Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) << 16);
        };
    }

    /** Stores {@code value} at byte {@code offset}. */
    public static void put(KvType type, MemorySegment memory, long offset, float value) {
        switch (type) {
            case F32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
            case F16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16(value));
            case BF16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, floatToBfloat16(value));
        }
    }

    /** What {@link #get} returns after {@link #put} of {@code value}. */
    public static float round(KvType type, float value) {
        return switch (type) {
            case F32 -> value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BF16 -> Float.intBitsToFloat(floatToBfloat16(value) << 16);
        };
    }

    /** The smallest number of the type that is not below {@code value >= 0}, or the largest finite one if there is none. */
    public static float roundUp(KvType type, float value) {
        float nearest = round(type, value);
        if (nearest < value) {
            nearest = switch (type) {
                case F32 -> nearest;
                case F16 -> Float.float16ToFloat((short) (Float.floatToFloat16(nearest) + 1));
                case BF16 -> Float.intBitsToFloat((floatToBfloat16(nearest) + 1) << 16);
            };
        }
        return Math.min(nearest, largest(type));
    }

    /** The largest finite number of the type. */
    public static float largest(KvType type) {
        return switch (type) {
            case F32 -> Float.MAX_VALUE;
            case F16 -> 65504f;
            case BF16 -> Float.intBitsToFloat(0x7f7f0000);
        };
    }

    /** The upper half of a float, rounded to nearest, ties to even; a NaN stays one. */
    public static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
