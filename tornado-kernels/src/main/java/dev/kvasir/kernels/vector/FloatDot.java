package dev.kvasir.kernels.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The heart of the quantised products: for 32 rows side by side, {@code y[r] += scale[r] * sum_c q[r][c] * x[c]} block by
 * block of columns, with whole weights {@code q} and f32 activations {@code x}.
 *
 * <p>The lanes of a vector are rows: no lane is ever added to another, every lane shares the activation of its column,
 * and the weights are read in order, made floats in the lanes and multiplied. The 8 that makes nibbles positive is taken
 * off the sum at the end.
 *
 * <p>The loops are kept small: in a method much larger the compiler no longer keeps the vectors in registers.
 *
 * <p>Scales and results are in the order of {@link Lanes#rowOf}: even rows of a vector, then odd ones.
 */
final class FloatDot {

    /** Bytes of 32 lanes of 16 bits. */
    static final int LINE = 2 * PackLayout.ROWS;

    private static final int ROWS = PackLayout.ROWS;

    private FloatDot() {}

    /**
     * Weights of 8 bits: 32 bytes a column, one a row. Two groups of rows are walked side by side: two streams keep more
     * of memory busy than one.
     *
     * @param count sums of 16 columns
     * @param perUnit such sums that share a scale
     * @param at where the columns of the first group are in {@code w}; {@code at2} those of the second
     * @param scales {@code [units][32]} of the first group
     * @param to where the 32 results are in {@code y}
     */
    static void bytes(MemorySegment w, long at, long at2, int count, int perUnit, float[] x, int xAt, float[] scales,
            float[] scales2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at + row;
            long q = at2 + row;
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < count; i++) {
                FloatVector a = FloatVector.zero(Lanes.FLOATS);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                for (int j = 0; j < 16; j++, p += ROWS, q += ROWS, xp++) {
                    FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                    a = bytes(w, p).fma(xj, a);
                    b = bytes(w, p + next).fma(xj, b);
                    c = bytes(w, q).fma(xj, c);
                    d = bytes(w, q + next).fma(xj, d);
                }
                int scale = i / perUnit * ROWS + row;
                ya = a.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale), ya);
                yb = b.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale + next), yb);
                yc = c.fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale), yc);
                yd = d.fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale + next), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /**
     * Weights of 4 bits: a line holds columns {@code 4 j} to {@code 4 j + 3} in the nibbles of its lanes, the first in
     * the lowest. The sums are those of {@code q - 8} over 32 columns.
     *
     * @param at where the lines of the first group are in {@code w}; {@code at2} those of the second
     */
    static void nibbles(MemorySegment w, long at, long at2, int blocks, float[] x, int xAt, float[] scales,
            float[] scales2, float[] y, float[] y2, int to) {
        int odd = Lanes.INTS.length();
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            long p = at + 2 * row;
            long q = at2 + 2 * row;
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + odd);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + odd);
            for (int i = 0; i < blocks; i++) {
                FloatVector even = FloatVector.zero(Lanes.FLOATS);
                FloatVector odds = even;
                FloatVector even2 = even;
                FloatVector odds2 = even;
                float biased = 0;
                for (int j = 0; j < 8; j++, p += LINE, q += LINE) {
                    IntVector v = load(w, p);
                    IntVector u = load(w, q);
                    for (int k = 0; k < 4; k++, xp++) {
                        FloatVector xk = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                        biased += x[xp];
                        even = nibble(v).fma(xk, even);
                        even2 = nibble(u).fma(xk, even2);
                        odds = nibble(v.lanewise(VectorOperators.LSHR, 16)).fma(xk, odds);
                        odds2 = nibble(u.lanewise(VectorOperators.LSHR, 16)).fma(xk, odds2);
                        v = v.lanewise(VectorOperators.LSHR, 4);
                        u = u.lanewise(VectorOperators.LSHR, 4);
                    }
                }
                int scale = i * ROWS + row;
                ya = even.sub(8 * biased).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale), ya);
                yb = odds.sub(8 * biased).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale + odd), yb);
                yc = even2.sub(8 * biased).fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale), yc);
                yd = odds2.sub(8 * biased).fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale + odd), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + odd);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + odd);
        }
    }

    private static IntVector load(MemorySegment w, long at) {
        return IntVector.fromMemorySegment(Lanes.INTS, w, at, Lanes.ORDER);
    }

    /** As many bytes as there are floats in a vector, as floats. */
    static FloatVector bytes(MemorySegment w, long at) {
        return (FloatVector) ByteVector.fromMemorySegment(Lanes.BYTES, w, at, Lanes.ORDER).castShape(Lanes.FLOATS, 0);
    }

    private static FloatVector nibble(IntVector v) {
        return toFloat(v.and(15));
    }

    private static FloatVector toFloat(IntVector v) {
        return (FloatVector) v.castShape(Lanes.FLOATS, 0);
    }
}
