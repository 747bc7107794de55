package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * The innermost piece of every blocked f32 matrix product: a tile of 32 rows by up to 12 tokens, all of whose sums stay
 * in registers while a strip of columns passes by.
 *
 * <pre>{@code
 * c[token][row] += sum_k panel[k][row] * x[k][token]        panel [depth][32], x [depth][12], c [tokens][32]
 * }</pre>
 *
 * Each sum is one chain of fused multiply-adds in the order of {@code k}, so it does not depend on how many tokens share
 * the tile, nor on how {@code depth} is cut into strips.
 */
public final class GemmTile {

    /** Rows of a panel. */
    public static final int ROWS = 32;
    /** Tokens of a packed strip of {@code x}. */
    public static final int TOKENS = 12;

    private GemmTile() {}

    /**
     * Copies {@code tokens <= 12} rows into the layout a tile reads, {@code [depth][12]}; what lies beyond the last
     * token is left as it was.
     *
     * @param x row of token {@code t} starts at {@code xAt + t * stride}
     */
    public static void pack(float[] x, int xAt, int stride, int tokens, int depth, float[] packed, int packedAt) {
        for (int t = 0; t < tokens; t++) {
            int from = xAt + t * stride;
            for (int k = 0; k < depth; k++) {
                packed[packedAt + k * TOKENS + t] = x[from + k];
            }
        }
    }

    /**
     * Adds the product of a panel and a strip to {@code c}.
     *
     * @param depth columns
     * @param panel {@code [depth][32]} from {@code panelAt}
     * @param x {@code [depth][12]} from {@code xAt}
     * @param tokens 1 to 12
     * @param c {@code [tokens][32]} from {@code cAt}
     */
    public static void multiply(int depth, float[] panel, int panelAt, float[] x, int xAt, int tokens, float[] c,
            int cAt) {
        int t = 0;
        for (; t + 6 <= tokens; t += 6) {
            for (int row = 0; row < ROWS; row += 2 * Lanes.FLOATS.length()) {
                six(depth, panel, panelAt + row, x, xAt + t, c, cAt + t * ROWS + row);
            }
        }
        for (; t + 4 <= tokens; t += 4) {
            for (int row = 0; row < ROWS; row += 2 * Lanes.FLOATS.length()) {
                four(depth, panel, panelAt + row, x, xAt + t, c, cAt + t * ROWS + row);
            }
        }
        for (; t < tokens; t++) {
            for (int row = 0; row < ROWS; row += 2 * Lanes.FLOATS.length()) {
                one(depth, panel, panelAt + row, x, xAt + t, c, cAt + t * ROWS + row);
            }
        }
    }

    // 12 sums, 2 vectors of weights and 1 of x: all but one of the 16 registers of AVX2. More sums would suit AVX-512, but
    // the compiler no longer keeps them in registers.
    private static void six(int depth, float[] panel, int panelAt, float[] x, int xAt, float[] c, int cAt) {
        int next = Lanes.FLOATS.length();
        FloatVector a0 = load(c, cAt + 0 * ROWS);
        FloatVector b0 = load(c, cAt + 0 * ROWS + next);
        FloatVector a1 = load(c, cAt + 1 * ROWS);
        FloatVector b1 = load(c, cAt + 1 * ROWS + next);
        FloatVector a2 = load(c, cAt + 2 * ROWS);
        FloatVector b2 = load(c, cAt + 2 * ROWS + next);
        FloatVector a3 = load(c, cAt + 3 * ROWS);
        FloatVector b3 = load(c, cAt + 3 * ROWS + next);
        FloatVector a4 = load(c, cAt + 4 * ROWS);
        FloatVector b4 = load(c, cAt + 4 * ROWS + next);
        FloatVector a5 = load(c, cAt + 5 * ROWS);
        FloatVector b5 = load(c, cAt + 5 * ROWS + next);
        for (int k = 0; k < depth; k++) {
            int p = panelAt + k * ROWS;
            int q = xAt + k * TOKENS;
            FloatVector w = load(panel, p);
            FloatVector v = load(panel, p + next);
            FloatVector s = shared(x, q);
            a0 = w.fma(s, a0);
            b0 = v.fma(s, b0);
            s = shared(x, q + 1);
            a1 = w.fma(s, a1);
            b1 = v.fma(s, b1);
            s = shared(x, q + 2);
            a2 = w.fma(s, a2);
            b2 = v.fma(s, b2);
            s = shared(x, q + 3);
            a3 = w.fma(s, a3);
            b3 = v.fma(s, b3);
            s = shared(x, q + 4);
            a4 = w.fma(s, a4);
            b4 = v.fma(s, b4);
            s = shared(x, q + 5);
            a5 = w.fma(s, a5);
            b5 = v.fma(s, b5);
        }
        a0.intoArray(c, cAt + 0 * ROWS);
        b0.intoArray(c, cAt + 0 * ROWS + next);
        a1.intoArray(c, cAt + 1 * ROWS);
        b1.intoArray(c, cAt + 1 * ROWS + next);
        a2.intoArray(c, cAt + 2 * ROWS);
        b2.intoArray(c, cAt + 2 * ROWS + next);
        a3.intoArray(c, cAt + 3 * ROWS);
        b3.intoArray(c, cAt + 3 * ROWS + next);
        a4.intoArray(c, cAt + 4 * ROWS);
        b4.intoArray(c, cAt + 4 * ROWS + next);
        a5.intoArray(c, cAt + 5 * ROWS);
        b5.intoArray(c, cAt + 5 * ROWS + next);
    }

    private static void four(int depth, float[] panel, int panelAt, float[] x, int xAt, float[] c, int cAt) {
        int next = Lanes.FLOATS.length();
        FloatVector a0 = load(c, cAt + 0 * ROWS);
        FloatVector b0 = load(c, cAt + 0 * ROWS + next);
        FloatVector a1 = load(c, cAt + 1 * ROWS);
        FloatVector b1 = load(c, cAt + 1 * ROWS + next);
        FloatVector a2 = load(c, cAt + 2 * ROWS);
        FloatVector b2 = load(c, cAt + 2 * ROWS + next);
        FloatVector a3 = load(c, cAt + 3 * ROWS);
        FloatVector b3 = load(c, cAt + 3 * ROWS + next);
        for (int k = 0; k < depth; k++) {
            int p = panelAt + k * ROWS;
            int q = xAt + k * TOKENS;
            FloatVector w = load(panel, p);
            FloatVector v = load(panel, p + next);
            FloatVector s = shared(x, q);
            a0 = w.fma(s, a0);
            b0 = v.fma(s, b0);
            s = shared(x, q + 1);
            a1 = w.fma(s, a1);
            b1 = v.fma(s, b1);
            s = shared(x, q + 2);
            a2 = w.fma(s, a2);
            b2 = v.fma(s, b2);
            s = shared(x, q + 3);
            a3 = w.fma(s, a3);
            b3 = v.fma(s, b3);
        }
        a0.intoArray(c, cAt + 0 * ROWS);
        b0.intoArray(c, cAt + 0 * ROWS + next);
        a1.intoArray(c, cAt + 1 * ROWS);
        b1.intoArray(c, cAt + 1 * ROWS + next);
        a2.intoArray(c, cAt + 2 * ROWS);
        b2.intoArray(c, cAt + 2 * ROWS + next);
        a3.intoArray(c, cAt + 3 * ROWS);
        b3.intoArray(c, cAt + 3 * ROWS + next);
    }

    private static void one(int depth, float[] panel, int panelAt, float[] x, int xAt, float[] c, int cAt) {
        int next = Lanes.FLOATS.length();
        FloatVector a = load(c, cAt);
        FloatVector b = load(c, cAt + next);
        for (int k = 0; k < depth; k++) {
            int p = panelAt + k * ROWS;
            FloatVector s = shared(x, xAt + k * TOKENS);
            a = load(panel, p).fma(s, a);
            b = load(panel, p + next).fma(s, b);
        }
        a.intoArray(c, cAt);
        b.intoArray(c, cAt + next);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(Lanes.FLOATS, from, at);
    }

    private static FloatVector shared(float[] x, int at) {
        return FloatVector.broadcast(Lanes.FLOATS, x[at]);
    }
}
