package dev.kvasir.kernels.tensor.tornado;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Reads binary16 numbers on devices with and without the type: from a {@code HalfFloatArray} or from a
 * {@code ShortArray}. A kernel has both arrays as arguments, one of them with a single unused element. The constant
 * {@code nativeHalf} of the compiled kernel chooses the array.
 */
final class Half {

    private Half() {}

    /** Number {@code i}, which is finite. */
    static float get(int nativeHalf, HalfFloatArray halves, ShortArray bits, int i) {
        if (nativeHalf == 1) {
            return halves.get(i).getFloat32();
        }
        return decode(bits.get(i));
    }

    /**
     * A finite binary16 in the low 16 bits, by integer arithmetic: {@code (1024 + m) 2^(e - 25)}, or {@code m 2^-24} where
     * {@code e = 0}. No backend of TornadoVM compiles {@code Float.intBitsToFloat} of a computed number, and
     * {@code Float.float16ToFloat} gives wrong ones.
     */
    static float decode(int bits) {
        int exponent = bits >>> 10 & 31;
        int mantissa = bits & 1023;
        if (exponent > 0) {
            mantissa += 1024;
            exponent -= 1;
        }
        float size = mantissa * (float) (1 << exponent) * 0x1p-24f;
        return (bits & 0x8000) == 0 ? size : -size;
    }
}
