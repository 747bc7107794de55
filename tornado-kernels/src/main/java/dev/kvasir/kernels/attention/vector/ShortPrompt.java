package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.simd.Tile;

/**
 * What {@link Tile}, {@link RowSoftmax} and {@link Merge#scale} compute, to the bit, in plain loops. Vectors are
 * objects until C2 has compiled the loop that they are in, and slower than plain numbers by a factor of a hundred: an
 * attention of a few thousand products, the first of a young JVM, is over before that.
 */
final class ShortPrompt {
    /** Tokens of a prompt up to which plain loops are soon done, compiled or not. */
    static final int TOKENS = 32;

    private static final int LANES = Lanes.FLOATS.length();

    private ShortPrompt() {}

    /** {@link Tile#addProduct}, for two rows and more, and any number of columns. */
    static void addProduct(float[] a, int aAt, int aStride, float[] b, int bAt, int bStride, int depth, float[] c,
            int cAt, int cStride, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            int aRow = aAt + row * aStride;
            int cRow = cAt + row * cStride;
            int column = 0;
            for (; column + 4 <= columns; column += 4) {
                addFour(a, aRow, b, bAt + column, bStride, depth, c, cRow + column);
            }
            for (; column < columns; column++) {
                float sum = c[cRow + column];
                for (int i = 0; i < depth; i++) {
                    sum = Math.fma(b[bAt + column + i * bStride], a[aRow + i], sum);
                }
                c[cRow + column] = sum;
            }
        }
    }

    // Four sums hide the latency of a multiply-add.
    private static void addFour(float[] a, int aAt, float[] b, int bAt, int bStride, int depth, float[] c, int cAt) {
        float s0 = c[cAt];
        float s1 = c[cAt + 1];
        float s2 = c[cAt + 2];
        float s3 = c[cAt + 3];
        for (int i = 0, from = bAt; i < depth; i++, from += bStride) {
            float x = a[aAt + i];
            s0 = Math.fma(b[from], x, s0);
            s1 = Math.fma(b[from + 1], x, s1);
            s2 = Math.fma(b[from + 2], x, s2);
            s3 = Math.fma(b[from + 3], x, s3);
        }
        c[cAt] = s0;
        c[cAt + 1] = s1;
        c[cAt + 2] = s2;
        c[cAt + 3] = s3;
    }

    /** {@link RowSoftmax#weights} without a lift. */
    static void weights(float[] s, int at, int n, int width, float before, float[] lanes, float[] stats, int statsAt) {
        float max = before;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, s[at + i]);
        }
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = 0;
        }
        for (int i = 0; i < n; i++) {
            float weight = RowSoftmax.exp(s[at + i] - max);
            s[at + i] = weight;
            lanes[i % LANES] += weight;
        }
        for (int i = n; i < width; i++) {
            s[at + i] = 0;
        }
        float sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += lanes[lane];
        }
        stats[statsAt] = max;
        stats[statsAt + 1] = sum;
    }

    /** {@link Merge#scale}. */
    static void scale(float factor, float[] y, int at, int count) {
        for (int i = at; i < at + count; i++) {
            y[i] *= factor;
        }
    }
}
