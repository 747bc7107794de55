package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

import static dev.kvasir.kernels.simd.HalfLift.HALF_BITS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.REVERSE_BYTES;

/**
 * Products of 4-bit weights with activations rounded to whole numbers from -127 to 127, summed in lanes of 16 bits: for
 * 32 rows side by side, {@code y[r] += d[r] * s * sum_c (q[r][c] - 8) x[c]} block by block of 32 columns.
 *
 * <p>A lane holds four columns, {@code L = q0 + 16 q1 + 256 q2 + 4096 q3}, and no nibble is ever taken out of it. Let R be
 * L with its bytes swapped. Then modulo 2^16, with {@code >>} filling up with zeros,
 *
 * <pre>
 * q0 x0 + q1 x1 + q2 x2 + q3 x3  =  L (x0 - 16 x3 + 4096 x1)  +  (L >> 4)(x1 - 16 x0)
 *                                +  R (x2 - 16 x1 + 4096 x3)  +  (R >> 4)(x3 - 16 x2)
 * </pre>
 *
 * and the sum of a block is exact, because it is at most 8 * 127 * 32 = 32,512 away from zero. That is a swap, two shifts,
 * four products and four sums for four columns; the activations' coefficients are {@link Activation#coefficients}. (Shifts by 8
 * and 12 in place of the swap would do as well, but those and products want the same unit of the processor.)
 *
 * <p>Two groups of rows are walked side by side, and where blocks have scales of their own both halves of their columns too:
 * four streams keep all of memory's lines busy. Like those of {@link FloatDot}, the loops are free of calls.
 */
public final class ShortDot {
    private static final int ROWS = PackLayout.ROWS;
    private static final int LINE = FloatDot.LINE;
    private static final int LINES = Activation.BLOCK / 4;
    private static final int FACTOR = 4 * ROWS; // bytes of one factor of all rows

    private ShortDot() {}

    /**
     * Blocks with scales of their own, front to back.
     *
     * @param at where the blocks of the first group are in {@code w}; {@code at2} those of the second
     * @param stride bytes from one block to the next; its lines are its end
     * @param block of the activation, the first
     * @param scale what the first group's scales are multiples of, {@code scale2} the second's
     * @param to where the 32 results are in {@code y}
     */
    public static void scaled(MemorySegment w, long at, long at2, int blocks, int stride, Activation x, int block,
            float scale,
            float scale2, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        ShortVector four = ShortVector.broadcast(Lanes.SHORTS, 4);
        int[] coefficients = x.coefficients;
        int[] offsets = x.offsets;
        float[] scales = x.scales;
        int half = (blocks + 1) / 2;
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at;
            long q = at2;
            int out = to + row;
            FloatVector ya = FloatVector.fromArray(Lanes.FLOATS, y, out);
            FloatVector yb = FloatVector.fromArray(Lanes.FLOATS, y, out + next);
            FloatVector yc = FloatVector.fromArray(Lanes.FLOATS, y2, out);
            FloatVector yd = FloatVector.fromArray(Lanes.FLOATS, y2, out + next);
            for (int i = 0; i < half; i++, p += stride, q += stride) {
                boolean lone = half + i == blocks;
                int near = block + i;
                int far = lone ? x.zeroBlock() : near + half;
                long skip = lone ? 0 : (long) half * stride;
                ShortVector a = IntVector.broadcast(Lanes.INTS, offsets[near]).reinterpretAsShorts();
                ShortVector b = IntVector.broadcast(Lanes.INTS, offsets[far]).reinterpretAsShorts();
                ShortVector c = a;
                ShortVector d = b;
                long first = p + stride - LINES * LINE + 2 * row;
                long second = q + stride - LINES * LINE + 2 * row;
                int xn = near * Activation.BLOCK;
                int xf = far * Activation.BLOCK;
                for (int j = 0; j < LINES; j++, first += LINE, second += LINE, xn += 4, xf += 4) {
                    ShortVector va = ShortVector.fromMemorySegment(Lanes.SHORTS, w, first, Lanes.ORDER);
                    ShortVector vb = ShortVector.fromMemorySegment(Lanes.SHORTS, w, first + skip, Lanes.ORDER);
                    ShortVector vc = ShortVector.fromMemorySegment(Lanes.SHORTS, w, second, Lanes.ORDER);
                    ShortVector vd = ShortVector.fromMemorySegment(Lanes.SHORTS, w, second + skip, Lanes.ORDER);
                    ShortVector n0 = IntVector.broadcast(Lanes.INTS, coefficients[xn]).reinterpretAsShorts();
                    ShortVector n1 = IntVector.broadcast(Lanes.INTS, coefficients[xn + 1]).reinterpretAsShorts();
                    ShortVector n2 = IntVector.broadcast(Lanes.INTS, coefficients[xn + 2]).reinterpretAsShorts();
                    ShortVector n3 = IntVector.broadcast(Lanes.INTS, coefficients[xn + 3]).reinterpretAsShorts();
                    a = a.add(va.mul(n0)).add(va.lanewise(LSHR, four).mul(n1));
                    c = c.add(vc.mul(n0)).add(vc.lanewise(LSHR, four).mul(n1));
                    va = va.lanewise(REVERSE_BYTES);
                    vc = vc.lanewise(REVERSE_BYTES);
                    a = a.add(va.mul(n2)).add(va.lanewise(LSHR, four).mul(n3));
                    c = c.add(vc.mul(n2)).add(vc.lanewise(LSHR, four).mul(n3));
                    ShortVector f0 = IntVector.broadcast(Lanes.INTS, coefficients[xf]).reinterpretAsShorts();
                    ShortVector f1 = IntVector.broadcast(Lanes.INTS, coefficients[xf + 1]).reinterpretAsShorts();
                    ShortVector f2 = IntVector.broadcast(Lanes.INTS, coefficients[xf + 2]).reinterpretAsShorts();
                    ShortVector f3 = IntVector.broadcast(Lanes.INTS, coefficients[xf + 3]).reinterpretAsShorts();
                    b = b.add(vb.mul(f0)).add(vb.lanewise(LSHR, four).mul(f1));
                    d = d.add(vd.mul(f0)).add(vd.lanewise(LSHR, four).mul(f1));
                    vb = vb.lanewise(REVERSE_BYTES);
                    vd = vd.lanewise(REVERSE_BYTES);
                    b = b.add(vb.mul(f2)).add(vb.lanewise(LSHR, four).mul(f3));
                    d = d.add(vd.mul(f2)).add(vd.lanewise(LSHR, four).mul(f3));
                }
                FloatVector xs = FloatVector.broadcast(Lanes.FLOATS, scales[near]);
                IntVector sums = a.reinterpretAsInts();
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                ya = ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(LSHL, 16)
                                .lanewise(ASHR, 3)
                                .and(HALF_BITS)
                                .reinterpretAsFloats()
                                .mul(scale), ya);
                yb = ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), yb);
                sums = c.reinterpretAsInts();
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                yc = ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(LSHL, 16)
                                .lanewise(ASHR, 3)
                                .and(HALF_BITS)
                                .reinterpretAsFloats()
                                .mul(scale2), yc);
                yd = ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2), yd);
                xs = FloatVector.broadcast(Lanes.FLOATS, scales[far]);
                sums = b.reinterpretAsInts();
                s = IntVector.fromMemorySegment(Lanes.INTS, w, p + skip + 2 * row, Lanes.ORDER);
                ya = ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(LSHL, 16)
                                .lanewise(ASHR, 3)
                                .and(HALF_BITS)
                                .reinterpretAsFloats()
                                .mul(scale), ya);
                yb = ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale), yb);
                sums = d.reinterpretAsInts();
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + skip + 2 * row, Lanes.ORDER);
                yc = ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(LSHL, 16)
                                .lanewise(ASHR, 3)
                                .and(HALF_BITS)
                                .reinterpretAsFloats()
                                .mul(scale2), yc);
                yd = ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).mul(xs)
                        .fma(s.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().mul(scale2), yd);
            }
            ya.intoArray(y, out);
            yb.intoArray(y, out + next);
            yc.intoArray(y2, out);
            yd.intoArray(y2, out + next);
        }
    }

    /**
     * One chunk of blocks with whole scales and minima under the factors of a super-block, as in {@link SuperDot}; only
     * what depends on a weight's distance from 8 is rounded.
     *
     * @param at where the chunk of the first group is in {@code w}; {@code at2} that of the second
     */
    public static void superScaled(MemorySegment w, long at, long at2, int blocks, int stride, Activation x, int block,
            float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        ShortVector four = ShortVector.broadcast(Lanes.SHORTS, 4);
        int[] coefficients = x.coefficients;
        int[] offsets = x.offsets;
        float[] scales = x.scales;
        float[] xSums = x.sums;
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at + 2 * FACTOR;
            long q = at2 + 2 * FACTOR;
            int xp = block * Activation.BLOCK;
            FloatVector ya = FloatVector.zero(Lanes.FLOATS);
            FloatVector yb = ya;
            FloatVector yc = ya;
            FloatVector yd = ya;
            FloatVector am = ya;
            FloatVector bm = ya;
            FloatVector cm = ya;
            FloatVector dm = ya;
            for (int i = 0; i < blocks; i++, p += stride, q += stride) {
                ShortVector a = IntVector.broadcast(Lanes.INTS, offsets[block + i]).reinterpretAsShorts();
                ShortVector c = a;
                long first = p + LINE + 2 * row;
                long second = q + LINE + 2 * row;
                for (int j = 0; j < LINES; j++, first += LINE, second += LINE, xp += 4) {
                    ShortVector va = ShortVector.fromMemorySegment(Lanes.SHORTS, w, first, Lanes.ORDER);
                    ShortVector vc = ShortVector.fromMemorySegment(Lanes.SHORTS, w, second, Lanes.ORDER);
                    ShortVector c0 = IntVector.broadcast(Lanes.INTS, coefficients[xp]).reinterpretAsShorts();
                    ShortVector c1 = IntVector.broadcast(Lanes.INTS, coefficients[xp + 1]).reinterpretAsShorts();
                    ShortVector c2 = IntVector.broadcast(Lanes.INTS, coefficients[xp + 2]).reinterpretAsShorts();
                    ShortVector c3 = IntVector.broadcast(Lanes.INTS, coefficients[xp + 3]).reinterpretAsShorts();
                    a = a.add(va.mul(c0)).add(va.lanewise(LSHR, four).mul(c1));
                    c = c.add(vc.mul(c0)).add(vc.lanewise(LSHR, four).mul(c1));
                    va = va.lanewise(REVERSE_BYTES);
                    vc = vc.lanewise(REVERSE_BYTES);
                    a = a.add(va.mul(c2)).add(va.lanewise(LSHR, four).mul(c3));
                    c = c.add(vc.mul(c2)).add(vc.lanewise(LSHR, four).mul(c3));
                }
                FloatVector xs = FloatVector.broadcast(Lanes.FLOATS, scales[block + i]);
                FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, xSums[block + i]);
                FloatVector eight = sum.mul(8);
                IntVector sums = a.reinterpretAsInts();
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                ya = ((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)).fma(
                        ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).fma(xs,
                                eight),
                        ya);
                yb = ((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)).fma(
                        ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).fma(xs, eight), yb);
                am = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, am);
                bm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, bm);
                sums = c.reinterpretAsInts();
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                yc = ((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)).fma(
                        ((FloatVector) sums.lanewise(LSHL, 16).lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).fma(xs,
                                eight),
                        yc);
                yd = ((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)).fma(
                        ((FloatVector) sums.lanewise(ASHR, 16).castShape(Lanes.FLOATS, 0)).fma(xs, eight), yd);
                cm = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, cm);
                dm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, dm);
            }
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row, Lanes.ORDER)
                    .fma(ya, FloatVector.fromArray(Lanes.FLOATS, y, to + row))
                    .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row + FACTOR, Lanes.ORDER).mul(am))
                    .intoArray(y, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next), Lanes.ORDER)
                    .fma(yb, FloatVector.fromArray(Lanes.FLOATS, y, to + row + next))
                    .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next) + FACTOR, Lanes.ORDER)
                            .mul(bm))
                    .intoArray(y, to + row + next);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row, Lanes.ORDER)
                    .fma(yc, FloatVector.fromArray(Lanes.FLOATS, y2, to + row))
                    .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row + FACTOR, Lanes.ORDER).mul(cm))
                    .intoArray(y2, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next), Lanes.ORDER)
                    .fma(yd, FloatVector.fromArray(Lanes.FLOATS, y2, to + row + next))
                    .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next) + FACTOR, Lanes.ORDER)
                            .mul(dm))
                    .intoArray(y2, to + row + next);
        }
    }
}
