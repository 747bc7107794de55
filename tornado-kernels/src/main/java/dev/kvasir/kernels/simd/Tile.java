package dev.kvasir.kernels.simd;

import jdk.incubator.vector.FloatVector;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * {@code C += A B} on small row-major matrices of floats: what attention scores ({@code S = Q K^T}, with keys kept
 * transposed), weighted sums of values ({@code O += P V}) and digest estimates have in common.
 *
 * <p>The order in which an element adds its products depends on the shapes alone.
 */
public final class Tile {
    private static final int LANES = FLOATS.length();
    private static final int ROWS = 4;

    private Tile() {}

    /** Rows that must be readable in A and writable in C for a product of {@code rows} rows. */
    public static int paddedRows(int rows) {
        return (rows + ROWS - 1) / ROWS * ROWS;
    }

    /** {@code n} rounded up to whole vectors. */
    public static int paddedColumns(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    /**
     * Adds the product of {@code a [rows][depth]} and {@code b [depth][columns]} to {@code c [rows][columns]}. Up to
     * {@link #paddedRows} rows are computed: rows behind the last one are read and overwritten.
     *
     * @param columns a multiple of the lanes
     */
    public static void addProduct(float[] a, int aAt, int aStride, float[] b, int bAt, int bStride, int depth,
            float[] c,
            int cAt,
            int cStride, int rows, int columns) {
        int column = 0;
        for (; column + 2 * LANES <= columns; column += 2 * LANES) {
            int row = 0;
            for (; row + 1 < rows; row += ROWS) {
                fourByTwo(a, aAt + row * aStride, aStride, b, bAt + column, bStride, depth, c,
                        cAt + row * cStride + column, cStride);
            }
            if (row < rows) {
                oneByTwo(a, aAt + row * aStride, b, bAt + column, bStride, depth, c, cAt + row * cStride + column);
            }
        }
        if (column < columns) {
            allByOne(a, aAt, aStride, b, bAt + column, bStride, depth, c, cAt + column, cStride, rows);
        }
    }

    // Eight sums hide the latency of a multiply-add on machines that start two a cycle.
    private static void fourByTwo(float[] a, int aAt, int aStride, float[] b, int bAt, int bStride, int depth,
            float[] c,
            int cAt, int cStride) {
        int c1 = cAt + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        FloatVector s00 = FloatVector.fromArray(FLOATS, c, cAt);
        FloatVector s01 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
        FloatVector s10 = FloatVector.fromArray(FLOATS, c, c1);
        FloatVector s11 = FloatVector.fromArray(FLOATS, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(FLOATS, c, c2);
        FloatVector s21 = FloatVector.fromArray(FLOATS, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(FLOATS, c, c3);
        FloatVector s31 = FloatVector.fromArray(FLOATS, c, c3 + LANES);
        int a1 = aAt + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        for (int i = 0, from = bAt; i < depth; i++, from += bStride) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, from);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, from + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + i]);
            s00 = b0.fma(x, s00);
            s01 = b1.fma(x, s01);
            x = FloatVector.broadcast(FLOATS, a[a1 + i]);
            s10 = b0.fma(x, s10);
            s11 = b1.fma(x, s11);
            x = FloatVector.broadcast(FLOATS, a[a2 + i]);
            s20 = b0.fma(x, s20);
            s21 = b1.fma(x, s21);
            x = FloatVector.broadcast(FLOATS, a[a3 + i]);
            s30 = b0.fma(x, s30);
            s31 = b1.fma(x, s31);
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    // All rows in one method: as large as it is, C2 compiles it by itself. Inlined into a caller that has used up the room for
    // inlining it would allocate its vectors.
    private static void allByOne(float[] a, int aAt, int aStride, float[] b, int bAt, int bStride, int depth, float[] c,
            int cAt, int cStride, int rows) {
        int row = 0;
        for (; row + 1 < rows; row += ROWS) {
            int aRow = aAt + row * aStride;
            int cRow = cAt + row * cStride;
            int c1 = cRow + cStride;
            int c2 = c1 + cStride;
            int c3 = c2 + cStride;
            FloatVector s0 = FloatVector.fromArray(FLOATS, c, cRow);
            FloatVector s1 = FloatVector.fromArray(FLOATS, c, c1);
            FloatVector s2 = FloatVector.fromArray(FLOATS, c, c2);
            FloatVector s3 = FloatVector.fromArray(FLOATS, c, c3);
            int a1 = aRow + aStride;
            int a2 = a1 + aStride;
            int a3 = a2 + aStride;
            for (int i = 0, from = bAt; i < depth; i++, from += bStride) {
                FloatVector b0 = FloatVector.fromArray(FLOATS, b, from);
                s0 = b0.fma(FloatVector.broadcast(FLOATS, a[aRow + i]), s0);
                s1 = b0.fma(FloatVector.broadcast(FLOATS, a[a1 + i]), s1);
                s2 = b0.fma(FloatVector.broadcast(FLOATS, a[a2 + i]), s2);
                s3 = b0.fma(FloatVector.broadcast(FLOATS, a[a3 + i]), s3);
            }
            s0.intoArray(c, cRow);
            s1.intoArray(c, c1);
            s2.intoArray(c, c2);
            s3.intoArray(c, c3);
        }
        if (row < rows) {
            int aRow = aAt + row * aStride;
            int cRow = cAt + row * cStride;
            FloatVector even = FloatVector.fromArray(FLOATS, c, cRow);
            FloatVector odd = FloatVector.zero(FLOATS);
            int i = 0;
            int from = bAt;
            for (; i + 7 < depth; i += 8, from += 8 * bStride) {
                even = FloatVector.fromArray(FLOATS, b, from)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i]), even);
                odd = FloatVector.fromArray(FLOATS, b, from + bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 1]), odd);
                even = FloatVector.fromArray(FLOATS, b, from + 2 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 2]), even);
                odd = FloatVector.fromArray(FLOATS, b, from + 3 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 3]), odd);
                even = FloatVector.fromArray(FLOATS, b, from + 4 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 4]), even);
                odd = FloatVector.fromArray(FLOATS, b, from + 5 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 5]), odd);
                even = FloatVector.fromArray(FLOATS, b, from + 6 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 6]), even);
                odd = FloatVector.fromArray(FLOATS, b, from + 7 * bStride)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 7]), odd);
            }
            for (; i < depth; i += 2, from += 2 * bStride) {
                even = FloatVector.fromArray(FLOATS, b, from)
                        .fma(FloatVector.broadcast(FLOATS, a[aRow + i]), even);
                if (i + 1 < depth) {
                    odd = FloatVector.fromArray(FLOATS, b, from + bStride)
                            .fma(FloatVector.broadcast(FLOATS, a[aRow + i + 1]), odd);
                }
            }
            even.add(odd).intoArray(c, cRow);
        }
    }

    // One row is all there is when every query head has keys of its own: even and odd products are summed apart, so that
    // twice as many multiply-adds are under way. Four turns at once, for the reason that allByOne gives.
    private static void oneByTwo(float[] a, int aAt, float[] b, int bAt, int bStride, int depth, float[] c, int cAt) {
        FloatVector even0 = FloatVector.fromArray(FLOATS, c, cAt);
        FloatVector even1 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
        FloatVector odd0 = FloatVector.zero(FLOATS);
        FloatVector odd1 = odd0;
        int i = 0;
        int from = bAt;
        for (; i + 3 < depth; i += 4, from += 4 * bStride) {
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + i]);
            even0 = FloatVector.fromArray(FLOATS, b, from).fma(x, even0);
            even1 = FloatVector.fromArray(FLOATS, b, from + LANES).fma(x, even1);
            x = FloatVector.broadcast(FLOATS, a[aAt + i + 1]);
            odd0 = FloatVector.fromArray(FLOATS, b, from + bStride).fma(x, odd0);
            odd1 = FloatVector.fromArray(FLOATS, b, from + bStride + LANES).fma(x, odd1);
            x = FloatVector.broadcast(FLOATS, a[aAt + i + 2]);
            even0 = FloatVector.fromArray(FLOATS, b, from + 2 * bStride).fma(x, even0);
            even1 = FloatVector.fromArray(FLOATS, b, from + 2 * bStride + LANES).fma(x, even1);
            x = FloatVector.broadcast(FLOATS, a[aAt + i + 3]);
            odd0 = FloatVector.fromArray(FLOATS, b, from + 3 * bStride).fma(x, odd0);
            odd1 = FloatVector.fromArray(FLOATS, b, from + 3 * bStride + LANES).fma(x, odd1);
        }
        for (; i < depth; i += 2, from += 2 * bStride) {
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + i]);
            even0 = FloatVector.fromArray(FLOATS, b, from).fma(x, even0);
            even1 = FloatVector.fromArray(FLOATS, b, from + LANES).fma(x, even1);
            if (i + 1 < depth) {
                x = FloatVector.broadcast(FLOATS, a[aAt + i + 1]);
                odd0 = FloatVector.fromArray(FLOATS, b, from + bStride).fma(x, odd0);
                odd1 = FloatVector.fromArray(FLOATS, b, from + bStride + LANES).fma(x, odd1);
            }
        }
        even0.add(odd0).intoArray(c, cAt);
        even1.add(odd1).intoArray(c, cAt + LANES);
    }
}
