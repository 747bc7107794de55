package dev.kvasir.kernels.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

/**
 * The heart of the quantised products: for 32 rows side by side, {@code y[r] += scale[r] * sum_c q[r][c] * x[c]} block by
 * block of columns, with whole weights {@code q} and f32 activations {@code x}.
 *
 * <p>The lanes of a vector are rows: no lane is ever added to another, every lane shares the activation of its column,
 * and the weights are read in order, made floats in the lanes and multiplied. The 8 that makes nibbles positive is taken
 * off the sum at the end.
 *
 * <p>The loops are kept small and nearly free of calls: beyond some 18,000 nodes the compiler inlines helpers no more,
 * and a vector that goes into or comes out of a call is an object on the heap.
 *
 * <p>Scales and results are in the order of {@link Lanes#rowOf}: even rows of a vector, then odd ones.
 */
final class FloatDot {

    /** Bytes of 32 lanes of 16 bits. */
    static final int LINE = 2 * PackLayout.ROWS;

    private static final int ROWS = PackLayout.ROWS;

    /**
     * Sign, exponent and fraction of an f16 number in the upper half of an int once that was shifted right by three: as a
     * float, 2^-112 of the number.
     */
    static final int SCALE_BITS = 0x8fffe000;

    private FloatDot() {}

    /**
     * Blocks of 8-bit weights with scales of their own, front to back. Two groups of rows are walked side by side: two
     * streams keep more of memory busy than one. Scales are decoded beside the products, which wait for memory anyway.
     *
     * @param at where the blocks of the first group are in {@code w}; {@code at2} those of the second
     * @param stride bytes from one block to the next; its lines are its end
     * @param scale what the first group's scales are multiples of, {@code scale2} the second's
     * @param to where the 32 results are in {@code y}
     */
    static void scaledBytes(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt, float scale,
            float scale2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        int lines = stride - Activation.BLOCK * ROWS;
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at;
            long q = at2;
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < blocks; i++, p += stride, q += stride, xp += Activation.BLOCK) {
                FloatVector a = FloatVector.zero(Lanes.FLOATS);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                long first = p + lines + row;
                long second = q + lines + row;
                for (int j = 0; j < Activation.BLOCK; j++) {
                    FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xp + j]);
                    a = bytes(w, first + j * ROWS).fma(xj, a);
                    b = bytes(w, first + j * ROWS + next).fma(xj, b);
                    c = bytes(w, second + j * ROWS).fma(xj, c);
                    d = bytes(w, second + j * ROWS + next).fma(xj, d);
                }
                IntVector s = load(w, p + 2 * row);
                ya = a.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale), ya);
                yb = b.fma(s.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale), yb);
                s = load(w, q + 2 * row);
                yc = c.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale2),
                        yc);
                yd = d.fma(s.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale2), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /** As {@link #scaledBytes}, of 4-bit weights laid out as in {@link #nibbles}; the sums are those of {@code q - 8}. */
    static void scaledNibbles(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt,
            float scale, float scale2, float[] y, float[] y2, int to) {
        int odd = Lanes.INTS.length();
        int lines = stride - 8 * LINE;
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            long p = at + 2 * row;
            long q = at2 + 2 * row;
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + odd);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + odd);
            for (int i = 0; i < blocks; i++, p += stride, q += stride) {
                FloatVector even = FloatVector.zero(Lanes.FLOATS);
                FloatVector odds = even;
                FloatVector even2 = even;
                FloatVector odds2 = even;
                float biased = 0;
                long first = p + lines;
                long second = q + lines;
                for (int j = 0; j < 8; j++, first += LINE, second += LINE) {
                    IntVector v = load(w, first);
                    IntVector u = load(w, second);
                    for (int k = 0; k < 4; k++, xp++) {
                        FloatVector xk = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                        biased += x[xp];
                        even = nibble(v).fma(xk, even);
                        even2 = nibble(u).fma(xk, even2);
                        odds = nibble(v.lanewise(LSHR, 16)).fma(xk, odds);
                        odds2 = nibble(u.lanewise(LSHR, 16)).fma(xk, odds2);
                        v = v.lanewise(LSHR, 4);
                        u = u.lanewise(LSHR, 4);
                    }
                }
                FloatVector bias = FloatVector.broadcast(Lanes.FLOATS, 8 * biased);
                IntVector s = load(w, p);
                ya = even.sub(bias)
                        .fma(
                                s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale),
                                ya);
                yb = odds.sub(bias).fma(s.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale), yb);
                s = load(w, q);
                yc = even2.sub(bias)
                        .fma(
                                s.lanewise(LSHL, 16)
                                        .lanewise(ASHR, 3)
                                        .and(SCALE_BITS)
                                        .reinterpretAsFloats()
                                        .mul(scale2),
                                yc);
                yd = odds2.sub(bias).fma(s.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().mul(scale2), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + odd);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + odd);
        }
    }

    /**
     * Weights of 8 bits: 32 bytes a column, one a row, with scales that were decoded before.
     *
     * @param units sums that share a scale, of {@code unit} columns each
     * @param at where the lines of the first block of the first group are in {@code w}; {@code at2} those of the second
     * @param stride bytes from one block to the next
     * @param scales {@code [units][32]} of the first group
     */
    static void bytes(MemorySegment w, long at, long at2, int stride, int units, int unit, float[] x, int xAt,
            float[] scales, float[] scales2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        int unitsABlock = Activation.BLOCK / unit;
        for (int row = 0; row < ROWS; row += 2 * next) {
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < units; i++) {
                FloatVector a = FloatVector.zero(Lanes.FLOATS);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                long skip = (long) (i / unitsABlock) * stride + i % unitsABlock * unit * ROWS + row;
                long p = at + skip;
                long q = at2 + skip;
                for (int j = 0; j < unit; j++, p += ROWS, q += ROWS, xp++) {
                    FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                    a = bytes(w, p).fma(xj, a);
                    b = bytes(w, p + next).fma(xj, b);
                    c = bytes(w, q).fma(xj, c);
                    d = bytes(w, q + next).fma(xj, d);
                }
                int scale = i * ROWS + row;
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
     * @param at where the lines of the first block of the first group are in {@code w}; {@code at2} those of the second
     */
    static void nibbles(MemorySegment w, long at, long at2, int stride, int blocks, float[] x, int xAt, float[] scales,
            float[] scales2, float[] y, float[] y2, int to) {
        int odd = Lanes.INTS.length();
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
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
                long p = at + (long) i * stride + 2 * row;
                long q = at2 + (long) i * stride + 2 * row;
                for (int j = 0; j < 8; j++, p += LINE, q += LINE) {
                    IntVector v = load(w, p);
                    IntVector u = load(w, q);
                    for (int k = 0; k < 4; k++, xp++) {
                        FloatVector xk = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                        biased += x[xp];
                        even = nibble(v).fma(xk, even);
                        even2 = nibble(u).fma(xk, even2);
                        odds = nibble(v.lanewise(LSHR, 16)).fma(xk, odds);
                        odds2 = nibble(u.lanewise(LSHR, 16)).fma(xk, odds2);
                        v = v.lanewise(LSHR, 4);
                        u = u.lanewise(LSHR, 4);
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
