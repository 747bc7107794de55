package dev.kvasir.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.Float16;

import static jdk.incubator.vector.Float16.float16ToRawShortBits;
import static jdk.incubator.vector.Float16.fma;
import static jdk.incubator.vector.Float16.shortBitsToFloat16;

/**
 * The innermost piece of a matrix product in 16-bit floats: four columns of 1024 rows meet five tokens.
 *
 * <pre>{@code
 * c[token][row] += sum_k w[k][row] * x[token][k]     w [4][STRIDE], x [5][INPUTS], c [5][STRIDE]
 * }</pre>
 *
 * <p>The Vector API of Java 25 has no vectors of halves. These are plain loops over {@link Float16} that C2 turns into
 * such vectors, 32 to a register with AVX-512 FP16, and much of their form is for C2: strides and bounds are constants and
 * weights and sums have arrays of their own, or it could not tell stores from loads; the 20 products of a turn are few
 * enough for the sums and all 20 numbers of {@code x} to stay in registers; {@link #LEAD} elements before the first row
 * are for the turns that it takes one by one before the vectors begin. It needs
 * {@code -XX:LoopUnrollLimit=100 -XX:+UnlockDiagnosticVMOptions -XX:SuperWordAutomaticAlignment=0}; without them it
 * leaves the loops as they are, at a twentieth of the speed.
 */
final class HalfTile {

    /** Rows side by side. */
    static final int ROWS = 1024;
    /** Tokens of a tile. */
    static final int TOKENS = 5;
    /** Columns of a tile. */
    static final int COLS = 4;
    /** From one token of {@code x} to the next. */
    static final int INPUTS = PackLayout.CHUNK;
    /** Elements before the first row, which are computed and mean nothing. */
    static final int LEAD = 2;
    /** From the first element of a column, or of a token's sums, to that of the next. */
    static final int STRIDE = LEAD + ROWS + 30;

    private static final int END = LEAD + ROWS;

    private HalfTile() {}

    /** Adds the products of four columns and five tokens, with {@code x[xAt + INPUTS * token + column]}. */
    static void multiply(short[] w, short[] x, int xAt, short[] c) {
        Float16 x00 = shortBitsToFloat16(x[xAt]);
        Float16 x01 = shortBitsToFloat16(x[xAt + 1]);
        Float16 x02 = shortBitsToFloat16(x[xAt + 2]);
        Float16 x03 = shortBitsToFloat16(x[xAt + 3]);
        Float16 x10 = shortBitsToFloat16(x[xAt + INPUTS]);
        Float16 x11 = shortBitsToFloat16(x[xAt + INPUTS + 1]);
        Float16 x12 = shortBitsToFloat16(x[xAt + INPUTS + 2]);
        Float16 x13 = shortBitsToFloat16(x[xAt + INPUTS + 3]);
        Float16 x20 = shortBitsToFloat16(x[xAt + 2 * INPUTS]);
        Float16 x21 = shortBitsToFloat16(x[xAt + 2 * INPUTS + 1]);
        Float16 x22 = shortBitsToFloat16(x[xAt + 2 * INPUTS + 2]);
        Float16 x23 = shortBitsToFloat16(x[xAt + 2 * INPUTS + 3]);
        Float16 x30 = shortBitsToFloat16(x[xAt + 3 * INPUTS]);
        Float16 x31 = shortBitsToFloat16(x[xAt + 3 * INPUTS + 1]);
        Float16 x32 = shortBitsToFloat16(x[xAt + 3 * INPUTS + 2]);
        Float16 x33 = shortBitsToFloat16(x[xAt + 3 * INPUTS + 3]);
        Float16 x40 = shortBitsToFloat16(x[xAt + 4 * INPUTS]);
        Float16 x41 = shortBitsToFloat16(x[xAt + 4 * INPUTS + 1]);
        Float16 x42 = shortBitsToFloat16(x[xAt + 4 * INPUTS + 2]);
        Float16 x43 = shortBitsToFloat16(x[xAt + 4 * INPUTS + 3]);
        for (int i = 0; i < END; i++) {
            Float16 w0 = shortBitsToFloat16(w[i]);
            Float16 s0 = fma(w0, x00, shortBitsToFloat16(c[i]));
            Float16 s1 = fma(w0, x10, shortBitsToFloat16(c[STRIDE + i]));
            Float16 s2 = fma(w0, x20, shortBitsToFloat16(c[2 * STRIDE + i]));
            Float16 s3 = fma(w0, x30, shortBitsToFloat16(c[3 * STRIDE + i]));
            Float16 s4 = fma(w0, x40, shortBitsToFloat16(c[4 * STRIDE + i]));
            Float16 w1 = shortBitsToFloat16(w[STRIDE + i]);
            s0 = fma(w1, x01, s0);
            s1 = fma(w1, x11, s1);
            s2 = fma(w1, x21, s2);
            s3 = fma(w1, x31, s3);
            s4 = fma(w1, x41, s4);
            Float16 w2 = shortBitsToFloat16(w[2 * STRIDE + i]);
            s0 = fma(w2, x02, s0);
            s1 = fma(w2, x12, s1);
            s2 = fma(w2, x22, s2);
            s3 = fma(w2, x32, s3);
            s4 = fma(w2, x42, s4);
            Float16 w3 = shortBitsToFloat16(w[3 * STRIDE + i]);
            s0 = fma(w3, x03, s0);
            s1 = fma(w3, x13, s1);
            s2 = fma(w3, x23, s2);
            s3 = fma(w3, x33, s3);
            s4 = fma(w3, x43, s4);
            c[i] = float16ToRawShortBits(s0);
            c[STRIDE + i] = float16ToRawShortBits(s1);
            c[2 * STRIDE + i] = float16ToRawShortBits(s2);
            c[3 * STRIDE + i] = float16ToRawShortBits(s3);
            c[4 * STRIDE + i] = float16ToRawShortBits(s4);
        }
    }

    /** Adds the sums of one token, times {@code factor} and each row's own, to {@code sums [1024]}, and clears them. */
    static void flush(short[] c, int token, float[] rowFactors, float factor, float[] sums) {
        int first = token * STRIDE + LEAD;
        for (int i = 0; i < ROWS; i++) {
            sums[i] += Float.float16ToFloat(c[first + i]) * (rowFactors[i] * factor);
        }
        Arrays.fill(c, first, first + ROWS, (short) 0);
    }

    /** Rounds {@code n} numbers times {@code factor}. */
    static void round(float[] x, int at, float factor, short[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Float.floatToFloat16(x[at + i] * factor);
        }
    }
}
