package dev.kvasir.kernels.tensor.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Products of the words of a {@link DeviceMatrix}. A word is the part of a row that a thread loads at a time: 1 element
 * (F32, F16), 4 (Q8_0) or 8 (Q4_0). Its elements are multiplied with {@code xa, xb, …} in a fixed order. The type is a
 * constant of the compiled kernel, so that one branch of each method is left.
 *
 * <p>Elements of a word, counted from {@link #first}: {@code 0} (F32, F16); {@code 0, 8, 16, 24} (Q8_0);
 * {@code 0, 4, …, 28} (Q4_0). Their factors are {@code xa}; {@code xa..xd}; {@code xa..xh}.
 *
 * <p>These methods take numbers and device arrays only: TornadoVM compiles local memory in an argument to wrong addresses.
 */
public final class Words {

    private Words() {}

    /** Words of a row. */
    public static int ofRow(int type, int cols) {
        if (type == DeviceMatrix.Q8_0) {
            return cols / 4;
        }
        return type == DeviceMatrix.Q4_0 ? cols / 8 : cols;
    }

    /** The index in its row of the first element of a word. */
    public static int first(int type, int w) {
        if (type == DeviceMatrix.Q8_0) {
            return 32 * (w >> 3) + (w & 7);
        }
        return type == DeviceMatrix.Q4_0 ? 32 * (w >> 2) + (w & 3) : w;
    }

    /** The factor of element {@code n} of a word whose first element has the factor {@code x[at]}; 0 if there is no such element. */
    public static float x(int type, FloatArray x, int at, int n) {
        if (type == DeviceMatrix.Q4_0) {
            return x.get(at + 4 * n);
        }
        boolean has = n == 0 || type == DeviceMatrix.Q8_0 && n < 4;
        return has ? x.get(at + 8 * n) : 0;
    }

    /** The sum of the elements of word {@code w} of row {@code row} times theirs of {@code x}. */
    public static float dot(int type, int nativeHalf, FloatArray floats, IntArray words, HalfFloatArray halves,
            ShortArray bits, int row, int w, int cols, float xa, float xb, float xc, float xd, float xe, float xf,
            float xg, float xh) {
        if (type == DeviceMatrix.F32) {
            return floats.get(row * cols + w) * xa;
        }
        if (type == DeviceMatrix.F16) {
            return Half.get(nativeHalf, halves, bits, row * cols + w) * xa;
        }
        if (type == DeviceMatrix.Q8_0) {
            int word = words.get(row * (cols / 4) + w);
            float scale = Half.get(nativeHalf, halves, bits, row * (cols / 32) + (w >> 3));
            return scale * (byteAt(word, 0) * xa + byteAt(word, 1) * xb + byteAt(word, 2) * xc + byteAt(word, 3) * xd);
        }
        int word = words.get(row * (cols / 8) + w);
        float scale = Half.get(nativeHalf, halves, bits, row * (cols / 32) + (w >> 2));
        // Nibbles are stored plus 8: the sum of all x times 8 is too much, and rows share this sum.
        float offset = 8 * (xa + xb + xc + xd + xe + xf + xg + xh);
        int upper = word >>> 16;
        return scale * ((word & 0xf) * xa + (upper & 0xf) * xe
                + ((word & 0xf0) * xb + (upper & 0xf0) * xf) * (1f / 16)
                + ((word & 0xf00) * xc + (upper & 0xf00) * xg) * (1f / 256)
                + ((word & 0xf000) * xd + (upper & 0xf000) * xh) * (1f / 4096) - offset);
    }

    /** Element {@code c} of a row by itself. */
    public static float element(int type, int nativeHalf, FloatArray floats, IntArray words, HalfFloatArray halves,
            ShortArray bits, int row, int c, int cols) {
        if (type == DeviceMatrix.F32) {
            return floats.get(row * cols + c);
        }
        if (type == DeviceMatrix.F16) {
            return Half.get(nativeHalf, halves, bits, row * cols + c);
        }
        float scale = Half.get(nativeHalf, halves, bits, row * (cols / 32) + c / 32);
        int inBlock = c % 32;
        if (type == DeviceMatrix.Q8_0) {
            return scale * byteAt(words.get(row * (cols / 4) + c / 32 * 8 + inBlock % 8), inBlock / 8);
        }
        int word = words.get(row * (cols / 8) + c / 32 * 4 + inBlock % 4);
        int nibble = word >>> inBlock / 4 * 4 & 15;
        return scale * (nibble - 8);
    }

    /**
     * Byte {@code k}, signed. The cast takes the sign from where it is: shifts of negative numbers differ from backend to
     * backend, but not in the bits that the cast leaves.
     */
    private static int byteAt(int word, int k) {
        return (byte) (word >>> 8 * k);
    }
}
