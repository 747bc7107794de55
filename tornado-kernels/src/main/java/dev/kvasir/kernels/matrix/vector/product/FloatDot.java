package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

import static dev.kvasir.kernels.simd.HalfLift.HALF_BITS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROR;

/**
 * The heart of the quantised products: for 32 rows side by side, {@code y[r] += scale[r] * sum_c q[r][c] * x[c]} block by
 * block of columns, with whole weights {@code q} and f32 activations {@code x}.
 *
 * <p>The lanes of a vector are rows. No lane is ever added to another, and every lane shares the activation of its column.
 * The weights are read in order, become floats in the lanes and are multiplied. One operation turns a nibble into a number
 * from 1 to 2; the 1, and the 8 that makes nibbles positive, are subtracted from the sum at the end.
 *
 * <p>The loops are small and nearly free of calls. Beyond about 18,000 nodes the compiler no longer inlines helpers, and a
 * vector that enters or leaves a call is then an object on the heap.
 *
 * <p>Scales and results are in the order of {@link Lanes#rowOf}: even rows of a vector, then odd ones.
 */
public final class FloatDot {

    /** Bytes of 32 lanes of 16 bits. */
    static final int LINE = 2 * PackLayout.ROWS;

    private static final int ROWS = PackLayout.ROWS;

    /** Lines of a block of 4-bit weights. */
    static final int NIBBLE_LINES = Activation.BLOCK / 4;

    // Bits that make a pair of nibbles the upper eight of a float's fraction, and the exponent of a number from 1 to 2:
    // 1 + q / 256 of the lower nibble, 1 + q / 16 of the upper one.
    static final int LOW = 0x0007_8000;
    static final int HIGH = 0x0078_0000;
    static final int ONE = 0x3f80_0000;

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
    public static void scaledBytes(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt,
            float scale,
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
                ya = a.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), ya);
                yb = b.fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), yb);
                s = load(w, q + 2 * row);
                yc = c.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2),
                        yc);
                yd = d.fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /**
     * As {@link #scaledBytes}, of 4-bit weights less 8.
     *
     * @param x activations, those of even columns times 16
     * @param sums of the activations of each block, from {@code sumAt}
     * @param scaledBy16Sums of those: what the ones in the numbers add up to
     * @param scale 16 times what the first group's scales are multiples of
     */
    public static void scaledNibbles(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt,
            float[] sums, float[] scaledBy16Sums, int sumAt, float scale, float scale2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at;
            long q = at2;
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < blocks; i++, p += stride, q += stride) {
                FloatVector a = FloatVector.broadcast(Lanes.FLOATS,
                        -scaledBy16Sums[sumAt + i] - 0.5f * sums[sumAt + i]);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                long first = p + stride - NIBBLE_LINES * LINE + 2 * row;
                long second = q + stride - NIBBLE_LINES * LINE + 2 * row;
                for (int j = 0; j < NIBBLE_LINES; j++, first += LINE, second += LINE, xp += 4) {
                    FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                    FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 1]);
                    FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 2]);
                    FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 3]);
                    IntVector va = IntVector.fromMemorySegment(Lanes.INTS, w, first, Lanes.ORDER).lanewise(ROR, 17);
                    IntVector vc = IntVector.fromMemorySegment(Lanes.INTS, w, second, Lanes.ORDER).lanewise(ROR, 17);
                    a = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, a);
                    c = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, c);
                    a = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, a);
                    c = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, c);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    a = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, a);
                    c = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, c);
                    a = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, a);
                    c = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, c);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    b = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, b);
                    d = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, d);
                    b = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, b);
                    d = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, d);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    b = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, b);
                    d = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, d);
                    b = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, b);
                    d = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, d);
                }
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                ya = a.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), ya);
                yb = b.fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), yb);
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                yc = c.fma(s.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2),
                        yc);
                yd = d.fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /**
     * Weights of 8 bits: 32 bytes a column, one a row, with scales that were decoded before.
     *
     * @param at where the lines of the first block of the first group are in {@code w}; {@code at2} those of the second
     * @param stride bytes from one block to the next
     * @param scales {@code [blocks][32]} of the first group
     */
    public static void bytes(MemorySegment w, long at, long at2, int stride, int blocks, float[] x, int xAt,
            float[] scales,
            float[] scales2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < blocks; i++) {
                FloatVector a = FloatVector.zero(Lanes.FLOATS);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                long p = at + (long) i * stride + row;
                long q = at2 + (long) i * stride + row;
                for (int j = 0; j < Activation.BLOCK; j++, p += ROWS, q += ROWS, xp++) {
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
     * Weights of 4 bits less 8, with scales that were decoded before.
     *
     * @param at where the lines of the first block of the first group are in {@code w}; {@code at2} those of the second
     * @param x activations, those of even columns times 16
     */
    public static void nibbles(MemorySegment w, long at, long at2, int stride, int blocks, float[] x, int xAt,
            float[] sums,
            float[] scaledBy16Sums, int sumAt, float[] scales, float[] scales2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            int xp = xAt;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < blocks; i++) {
                FloatVector a = FloatVector.broadcast(Lanes.FLOATS,
                        -scaledBy16Sums[sumAt + i] - 0.5f * sums[sumAt + i]);
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                long first = at + (long) i * stride + 2 * row;
                long second = at2 + (long) i * stride + 2 * row;
                for (int j = 0; j < NIBBLE_LINES; j++, first += LINE, second += LINE, xp += 4) {
                    FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                    FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 1]);
                    FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 2]);
                    FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 3]);
                    IntVector va = IntVector.fromMemorySegment(Lanes.INTS, w, first, Lanes.ORDER).lanewise(ROR, 17);
                    IntVector vc = IntVector.fromMemorySegment(Lanes.INTS, w, second, Lanes.ORDER).lanewise(ROR, 17);
                    a = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, a);
                    c = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, c);
                    a = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, a);
                    c = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, c);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    a = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, a);
                    c = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, c);
                    a = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, a);
                    c = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, c);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    b = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, b);
                    d = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x0, d);
                    b = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, b);
                    d = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x1, d);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    b = va.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, b);
                    d = vc.and(LOW).or(ONE).reinterpretAsFloats().fma(x2, d);
                    b = va.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, b);
                    d = vc.and(HIGH).or(ONE).reinterpretAsFloats().fma(x3, d);
                }
                int scale = i * ROWS + row;
                ya = a.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale).mul(16), ya);
                yb = b.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scale + next).mul(16), yb);
                yc = c.fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale).mul(16), yc);
                yd = d.fma(FloatVector.fromArray(Lanes.FLOATS, scales2, scale + next).mul(16), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /**
     * Weights of f16, front to back: sign, exponent and fraction are shifted to where a float has them, which makes each
     * 2^112 times too small.
     *
     * @param x lifted activations, which make up for that
     * @param unlift what undoes the lifting
     * @param scale 2^112 times what the weights of the first group are multiples of, {@code scale2} the second's
     */
    public static void halves(MemorySegment w, long at, long at2, int cols, float[] x, int xAt, float unlift,
            float scale,
            float scale2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            FloatVector a = FloatVector.zero(Lanes.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            long p = at + 2 * row;
            long q = at2 + 2 * row;
            for (int j = 0; j < cols; j++, p += LINE, q += LINE) {
                FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xAt + j]);
                IntVector v = IntVector.fromMemorySegment(Lanes.INTS, w, p, Lanes.ORDER);
                a = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(xj, a);
                b = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(xj, b);
                v = IntVector.fromMemorySegment(Lanes.INTS, w, q, Lanes.ORDER);
                c = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(xj, c);
                d = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(xj, d);
            }
            a.mul(scale).mul(unlift).intoArray(y, to + row);
            b.mul(scale).mul(unlift).intoArray(y, to + row + next);
            c.mul(scale2).mul(unlift).intoArray(y2, to + row);
            d.mul(scale2).mul(unlift).intoArray(y2, to + row + next);
        }
    }

    /** Weights of bf16, which are the upper halves of floats, front to back. */
    public static void brains(MemorySegment w, long at, long at2, int cols, float[] x, int xAt, float[] y, float[] y2,
            int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            FloatVector a = FloatVector.zero(Lanes.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            long p = at + 2 * row;
            long q = at2 + 2 * row;
            for (int j = 0; j < cols; j++, p += LINE, q += LINE) {
                FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xAt + j]);
                IntVector v = IntVector.fromMemorySegment(Lanes.INTS, w, p, Lanes.ORDER);
                a = v.lanewise(LSHL, 16).reinterpretAsFloats().fma(xj, a);
                b = v.and(0xffff_0000).reinterpretAsFloats().fma(xj, b);
                v = IntVector.fromMemorySegment(Lanes.INTS, w, q, Lanes.ORDER);
                c = v.lanewise(LSHL, 16).reinterpretAsFloats().fma(xj, c);
                d = v.and(0xffff_0000).reinterpretAsFloats().fma(xj, d);
            }
            a.intoArray(y, to + row);
            b.intoArray(y, to + row + next);
            c.intoArray(y2, to + row);
            d.intoArray(y2, to + row + next);
        }
    }

    static IntVector load(MemorySegment w, long at) {
        return IntVector.fromMemorySegment(Lanes.INTS, w, at, Lanes.ORDER);
    }

    /** As many bytes as there are floats in a vector, as floats. */
    public static FloatVector bytes(MemorySegment w, long at) {
        return (FloatVector) ByteVector.fromMemorySegment(Lanes.BYTES, w, at, Lanes.ORDER).castShape(Lanes.FLOATS, 0);
    }
}
