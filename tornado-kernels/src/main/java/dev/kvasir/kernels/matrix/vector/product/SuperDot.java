package dev.kvasir.kernels.matrix.vector.product;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROR;

/**
 * {@link FloatDot} for the types whose blocks have small whole scales under the factors of a super-block: for 32 rows
 * side by side and one chunk of columns,
 *
 * <pre>
 * y[r] += d[r] * sum_b s[b][r] * sum_{c in b} q[r][c] x[c]  -  m[r] * sum_b t[b][r] * sum_{c in b} x[c]
 * </pre>
 *
 * Two groups of rows are walked side by side.
 */
public final class SuperDot {
    private static final int ROWS = PackLayout.ROWS;
    private static final int FACTOR = 4 * ROWS; // bytes of one factor of all rows

    private SuperDot() {}

    /**
     * Weights of 4 bits with scales and minima.
     *
     * @param at where the chunk of the first group is in {@code w}; {@code at2} that of the second
     * @param stride bytes from one block to the next
     * @param x activations, those of even columns times 16
     * @param sums of the activations of each block, from {@code sumAt}
     * @param scaledBy16Sums of those
     * @param to where the 32 results are in {@code y}
     */
    public static void nibbles(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt,
            float[] sums,
            float[] scaledBy16Sums, int sumAt, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at + 2 * FACTOR;
            long q = at2 + 2 * FACTOR;
            int xp = xAt;
            FloatVector a = FloatVector.zero(Lanes.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            FloatVector am = a;
            FloatVector bm = a;
            FloatVector cm = a;
            FloatVector dm = a;
            for (int i = 0; i < blocks; i++, p += stride, q += stride) {
                FloatVector evens = FloatVector.broadcast(Lanes.FLOATS, -scaledBy16Sums[sumAt + i]);
                FloatVector odds = evens;
                FloatVector evens2 = evens;
                FloatVector odds2 = evens;
                long first = p + FloatDot.LINE + 2 * row;
                long second = q + FloatDot.LINE + 2 * row;
                for (int j = 0; j < FloatDot.NIBBLE_LINES; j++, first += FloatDot.LINE, second += FloatDot.LINE, xp += 4) {
                    FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, x[xp]);
                    FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 1]);
                    FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 2]);
                    FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, x[xp + 3]);
                    IntVector va = IntVector.fromMemorySegment(Lanes.INTS, w, first, Lanes.ORDER).lanewise(ROR, 17);
                    IntVector vc = IntVector.fromMemorySegment(Lanes.INTS, w, second, Lanes.ORDER).lanewise(ROR, 17);
                    evens = va.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x0, evens);
                    evens2 = vc.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x0, evens2);
                    evens = va.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x1, evens);
                    evens2 = vc.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x1, evens2);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    evens = va.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x2, evens);
                    evens2 = vc.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x2, evens2);
                    evens = va.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x3, evens);
                    evens2 = vc.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x3, evens2);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    odds = va.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x0, odds);
                    odds2 = vc.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x0, odds2);
                    odds = va.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x1, odds);
                    odds2 = vc.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x1, odds2);
                    va = va.lanewise(ROR, 8);
                    vc = vc.lanewise(ROR, 8);
                    odds = va.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x2, odds);
                    odds2 = vc.and(FloatDot.LOW).or(FloatDot.ONE).reinterpretAsFloats().fma(x2, odds2);
                    odds = va.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x3, odds);
                    odds2 = vc.and(FloatDot.HIGH).or(FloatDot.ONE).reinterpretAsFloats().fma(x3, odds2);
                }
                FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, sums[sumAt + i]);
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                a = evens.fma(((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)), a);
                am = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, am);
                b = odds.fma(((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)), b);
                bm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, bm);
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                c = evens2.fma(((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)), c);
                cm = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, cm);
                d = odds2.fma(((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)), d);
                dm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, dm);
            }
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row, Lanes.ORDER)
                    .mul(16)
                    .fma(a,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row + FACTOR, Lanes.ORDER).mul(am))
                    .intoArray(y, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next), Lanes.ORDER)
                    .mul(16)
                    .fma(b,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row + next))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next) + FACTOR, Lanes.ORDER)
                                    .mul(bm))
                    .intoArray(y, to + row + next);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row, Lanes.ORDER)
                    .mul(16)
                    .fma(c,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row + FACTOR, Lanes.ORDER).mul(cm))
                    .intoArray(y2, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next), Lanes.ORDER)
                    .mul(16)
                    .fma(d,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row + next))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next) + FACTOR, Lanes.ORDER)
                                    .mul(dm))
                    .intoArray(y2, to + row + next);
        }
    }

    /** As {@link #nibbles}, weights of 8 bits. */
    public static void bytes(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt,
            float[] sums,
            int sumAt, float[] y, float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at + 2 * FACTOR;
            long q = at2 + 2 * FACTOR;
            int xp = xAt;
            FloatVector a = FloatVector.zero(Lanes.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            FloatVector am = a;
            FloatVector bm = a;
            FloatVector cm = a;
            FloatVector dm = a;
            for (int i = 0; i < blocks; i++, p += stride, q += stride, xp += Activation.BLOCK) {
                FloatVector even = FloatVector.zero(Lanes.FLOATS);
                FloatVector odds = even;
                FloatVector even2 = even;
                FloatVector odds2 = even;
                long first = p + FloatDot.LINE + row;
                long second = q + FloatDot.LINE + row;
                for (int j = 0; j < Activation.BLOCK; j++) {
                    FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xp + j]);
                    even = FloatDot.bytes(w, first + j * ROWS).fma(xj, even);
                    odds = FloatDot.bytes(w, first + j * ROWS + next).fma(xj, odds);
                    even2 = FloatDot.bytes(w, second + j * ROWS).fma(xj, even2);
                    odds2 = FloatDot.bytes(w, second + j * ROWS + next).fma(xj, odds2);
                }
                FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, sums[sumAt + i]);
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                a = even.fma(((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)), a);
                am = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, am);
                b = odds.fma(((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)), b);
                bm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, bm);
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                c = even2.fma(((FloatVector) s.and(0xff).castShape(Lanes.FLOATS, 0)), c);
                cm = ((FloatVector) s.lanewise(LSHR, 8).and(0xff).castShape(Lanes.FLOATS, 0)).fma(sum, cm);
                d = odds2.fma(((FloatVector) s.lanewise(LSHR, 16).and(0xff).castShape(Lanes.FLOATS, 0)), d);
                dm = ((FloatVector) s.lanewise(LSHR, 24).castShape(Lanes.FLOATS, 0)).fma(sum, dm);
            }
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row, Lanes.ORDER)
                    .fma(a,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row + FACTOR, Lanes.ORDER).mul(am))
                    .intoArray(y, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next), Lanes.ORDER)
                    .fma(b,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row + next))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next) + FACTOR, Lanes.ORDER)
                                    .mul(bm))
                    .intoArray(y, to + row + next);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row, Lanes.ORDER)
                    .fma(c,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row + FACTOR, Lanes.ORDER).mul(cm))
                    .intoArray(y2, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next), Lanes.ORDER)
                    .fma(d,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row + next))
                    .sub(
                            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next) + FACTOR, Lanes.ORDER)
                                    .mul(dm))
                    .intoArray(y2, to + row + next);
        }
    }

    /** Weights of 8 bits with a signed scale for each half of a block and no minima. */
    public static void halves(MemorySegment w, long at, long at2, int blocks, int stride, float[] x, int xAt, float[] y,
            float[] y2, int to) {
        int next = Lanes.FLOATS.length();
        int half = Activation.BLOCK / 2;
        for (int row = 0; row < ROWS; row += 2 * next) {
            long p = at + FACTOR;
            long q = at2 + FACTOR;
            int xp = xAt;
            FloatVector a = FloatVector.zero(Lanes.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = 0; i < 2 * blocks; i++, xp += half) {
                int second = i % 2;
                FloatVector even = FloatVector.zero(Lanes.FLOATS);
                FloatVector odds = even;
                FloatVector even2 = even;
                FloatVector odds2 = even;
                long lines = p + FloatDot.LINE + row + second * half * ROWS;
                long lines2 = q + FloatDot.LINE + row + second * half * ROWS;
                for (int j = 0; j < half; j++) {
                    FloatVector xj = FloatVector.broadcast(Lanes.FLOATS, x[xp + j]);
                    even = FloatDot.bytes(w, lines + j * ROWS).fma(xj, even);
                    odds = FloatDot.bytes(w, lines + j * ROWS + next).fma(xj, odds);
                    even2 = FloatDot.bytes(w, lines2 + j * ROWS).fma(xj, even2);
                    odds2 = FloatDot.bytes(w, lines2 + j * ROWS + next).fma(xj, odds2);
                }
                int up = 8 - 8 * second;
                IntVector s = IntVector.fromMemorySegment(Lanes.INTS, w, p + 2 * row, Lanes.ORDER);
                a = even.fma(((FloatVector) s.lanewise(LSHL, 16 + up).lanewise(ASHR, 24).castShape(Lanes.FLOATS, 0)),
                        a);
                b = odds.fma(((FloatVector) s.lanewise(LSHL, up).lanewise(ASHR, 24).castShape(Lanes.FLOATS, 0)), b);
                s = IntVector.fromMemorySegment(Lanes.INTS, w, q + 2 * row, Lanes.ORDER);
                c = even2.fma(((FloatVector) s.lanewise(LSHL, 16 + up).lanewise(ASHR, 24).castShape(Lanes.FLOATS, 0)),
                        c);
                d = odds2.fma(((FloatVector) s.lanewise(LSHL, up).lanewise(ASHR, 24).castShape(Lanes.FLOATS, 0)), d);
                p += (long) second * stride;
                q += (long) second * stride;
            }
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * row, Lanes.ORDER)
                    .fma(a,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row))
                    .intoArray(y, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at + 4 * (row + next), Lanes.ORDER)
                    .fma(b,
                            FloatVector.fromArray(Lanes.FLOATS, y, to + row + next))
                    .intoArray(y, to + row + next);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * row, Lanes.ORDER)
                    .fma(c,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row))
                    .intoArray(y2, to + row);
            FloatVector.fromMemorySegment(Lanes.FLOATS, w, at2 + 4 * (row + next), Lanes.ORDER)
                    .fma(d,
                            FloatVector.fromArray(Lanes.FLOATS, y2, to + row + next))
                    .intoArray(y2, to + row + next);
        }
    }
}
