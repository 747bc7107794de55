package dev.kvasir.kernels.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The integer heart of the quantised products: for 32 rows side by side, the exact sums {@code sum_c q[r][c] * x[c]} of
 * a block of columns.
 *
 * <p>The lanes of a vector are rows: no lane is ever added to another, every lane shares the activation of its column,
 * and the weights are read in order. A 16-bit lane holds two weights of 8 bits or four of 4 bits, and they are never
 * taken apart. With {@code v = u + 256 h}, one shift gives {@code v >> 8 = h}, and
 *
 * <pre>{@code
 * u x0 + h x1  =  v x0 + h (x1 - 256 x0)     modulo 2^16
 * }</pre>
 *
 * which is exact because the sum itself fits 16 bits. The factors on the right are made once for an {@link Activation}.
 *
 * <p>The loops are kept small: in a method much larger the compiler no longer keeps the vectors in registers.
 *
 * <p>Sums are written as {@code int[..][32]} in the order of {@link Lanes#rowOf}: even rows of a vector, then odd ones.
 */
final class IntegerDot {

    /** Bytes of 32 lanes. */
    static final int LINE = 2 * PackLayout.ROWS;

    private static final int ROWS = PackLayout.ROWS;
    private static final int BIAS = 0x8000;

    private IntegerDot() {}

    /**
     * Weights of 8 bits: a line holds column {@code 2 j} plus 128 in its low and column {@code 2 j + 1} in its high
     * bytes.
     *
     * <p>Two products fit 16 bits: {@code 2 * 128 * 127 = 32512}. Each such sum is biased to be positive, so that the
     * two in an int are added there together, and the upper ones once more by themselves.
     *
     * @param at where the lines are in {@code w}
     * @param lines lines of one sum: 16 for 32 columns, or 8
     * @param x factors: for every pair of columns {@code x0}, {@code x1 - 256 x0} and {@code 2^15 - 128 x0}
     */
    static void bytes(MemorySegment w, long at, int count, int lines, int[] x, int xAt, int[] sums) {
        int odd = Lanes.INTS.length();
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            long p = at + 2 * row;
            int xp = xAt;
            for (int i = 0; i < count; i++) {
                IntVector both = IntVector.zero(Lanes.INTS);
                IntVector upper = IntVector.zero(Lanes.INTS);
                for (int j = 0; j < lines; j++, p += LINE, xp += Activation.BYTE_FACTORS) {
                    ShortVector v = load(w, p);
                    IntVector s = v.mul(shared(x, xp))
                            .add(
                                    v.lanewise(VectorOperators.ASHR, 8).mul(shared(x, xp + 1)))
                            .add(
                                    shared(x, xp + 2))
                            .reinterpretAsInts();
                    both = both.add(s);
                    upper = upper.add(s.lanewise(VectorOperators.LSHR, 16));
                }
                int out = i * ROWS + row;
                both.sub(upper.lanewise(VectorOperators.LSHL, 16)).sub(lines * BIAS).intoArray(sums, out);
                upper.sub(lines * BIAS).intoArray(sums, out + odd);
            }
        }
    }

    /**
     * Weights of 4 bits: a line holds columns {@code 4 j} to {@code 4 j + 3} in the nibbles of its lanes, the first in
     * the lowest. The sums are those of {@code q - 8} over 32 columns, at most {@code 32 * 8 * 127 = 32512}.
     *
     * @param at where the lines are in {@code w}
     * @param x factors: for four columns {@code x0}, {@code x1 - 16 x0}, {@code x2 - 16 x1} and {@code x3 - 16 x2}
     * @param xSums the sum of the 32 {@code x} of each block
     */
    static void nibbles(MemorySegment w, long at, int blocks, int[] x, int xAt, int[] xSums, int xSumsAt, int[] sums) {
        int odd = Lanes.INTS.length();
        for (int row = 0; row < ROWS; row += Lanes.SHORTS.length()) {
            long p = at + 2 * row;
            int xp = xAt;
            for (int i = 0; i < blocks; i++) {
                ShortVector s = ShortVector.broadcast(Lanes.SHORTS, (short) (-8 * xSums[xSumsAt + i]));
                ShortVector t = ShortVector.zero(Lanes.SHORTS);
                for (int j = 0; j < 8; j++, p += LINE, xp += 4) {
                    ShortVector v = load(w, p);
                    s = s.add(v.mul(shared(x, xp))).add(v.lanewise(VectorOperators.LSHR, 4).mul(shared(x, xp + 1)));
                    t = t.add(v.lanewise(VectorOperators.LSHR, 8).mul(shared(x, xp + 2)))
                            .add(
                                    v.lanewise(VectorOperators.LSHR, 12).mul(shared(x, xp + 3)));
                }
                IntVector both = s.add(t).reinterpretAsInts();
                int out = i * ROWS + row;
                both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16).intoArray(sums, out);
                both.lanewise(VectorOperators.ASHR, 16).intoArray(sums, out + odd);
            }
        }
    }

    private static ShortVector load(MemorySegment w, long at) {
        return ShortVector.fromMemorySegment(Lanes.SHORTS, w, at, Lanes.ORDER);
    }

    // Both halves of the int hold the factor: only ints are broadcast from memory without a shuffle.
    private static ShortVector shared(int[] x, int at) {
        return IntVector.broadcast(Lanes.INTS, x[at]).reinterpretAsShorts();
    }
}
