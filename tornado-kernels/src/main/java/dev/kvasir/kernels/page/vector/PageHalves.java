package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.HalfLift;
import dev.kvasir.kernels.simd.Tile;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

import static dev.kvasir.kernels.simd.HalfLift.HALF_BITS;
import static dev.kvasir.kernels.simd.HalfLift.REST;
import static dev.kvasir.kernels.simd.Lanes.FLOATS;
import static dev.kvasir.kernels.simd.Lanes.INTS;
import static dev.kvasir.kernels.simd.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

/**
 * Scores and weighted sums straight from the f16 numbers of a page, without a copy of them as floats: reading and
 * computing overlap then, where a copy makes them take turns.
 *
 * <p>Two neighbours lie in each lane of 32 bits and are read without being decoded: queries and weights are lifted
 * ({@link HalfLift}).
 */
public final class PageHalves {
    private static final int LANES = FLOATS.length();
    private static final int PAIR = 2 * LANES; // halves of one vector
    private static final int QUAD = 4; // rows that share what was read
    private static final int STRIDE = SharedRows.STRIDE; // of rows of scores and weights
    private static final VectorShuffle<Float> FIRST = VectorShuffle.makeZip(FLOATS, 0);
    private static final VectorShuffle<Float> SECOND = VectorShuffle.makeZip(FLOATS, 1);

    private PageHalves() {}

    /** Whether pages of this shape can be read so. */
    public static boolean reads(PageGeometry geometry) {
        return geometry.type() == KvType.F16 && geometry.pageSize() % PAIR == 0 && geometry.headDim() % PAIR == 0;
    }

    /**
     * Scores of all tokens of two pages, which are read side by side because memory serves two streams sooner than one:
     * {@code s[row][t] = q[row] . k[t]}.
     *
     * @param keys where the first page's keys of one head are, {@code [headDim][pageSize]}
     * @param apart from there to the second page's keys; 0 if there is none
     * @param q as {@link SharedRows#lift} left it, from {@code qAt}
     * @param headDim rows of keys; digests have others
     * @param s {@code [lifted rows][STRIDE]} from {@code at}, the second page's after the first's
     */
    public static void scores(MemorySegment memory, long keys, long apart, int pageSize, int headDim, float[] q,
            int qAt,
            int rows, float[] s, int at) {
        for (int token = 0; token < pageSize; token += PAIR) {
            if (rows == 1) {
                oneScore(memory, keys + 2L * token, apart, pageSize, headDim, q, qAt, s, at + token);
            } else {
                for (int row = 0; row < rows; row += QUAD) {
                    fourScores(memory, keys + 2L * token, apart, pageSize, headDim, q, qAt + row * headDim, s,
                            at + row * STRIDE + token);
                }
            }
        }
    }

    // Two turns of the loop at once: as the size of this method is, C2 leaves it a method of its own, and does not run out
    // of room for what else its caller inlines, which would then allocate its vectors.
    private static void oneScore(MemorySegment memory, long keys, long apart, int pageSize, int headDim, float[] q,
            int qAt, float[] s, int at) {
        FloatVector evenA = FloatVector.zero(FLOATS);
        FloatVector oddA = evenA;
        FloatVector evenB = evenA;
        FloatVector oddB = evenA;
        FloatVector evenA2 = evenA;
        FloatVector oddA2 = evenA;
        FloatVector evenB2 = evenA;
        FloatVector oddB2 = evenA;
        long line = 2L * pageSize;
        for (int d = 0; d < headDim - 1; d += 2, keys += 2 * line) {
            FloatVector x = FloatVector.broadcast(FLOATS, q[qAt + d]);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, keys, ORDER);
            evenA = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA);
            oddA = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA);
            v = IntVector.fromMemorySegment(INTS, memory, keys + apart, ORDER);
            evenB = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB);
            oddB = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB);
            x = FloatVector.broadcast(FLOATS, q[qAt + d + 1]);
            v = IntVector.fromMemorySegment(INTS, memory, keys + line, ORDER);
            evenA2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA2);
            oddA2 = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA2);
            v = IntVector.fromMemorySegment(INTS, memory, keys + line + apart, ORDER);
            evenB2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB2);
            oddB2 = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB2);
        }
        if (headDim % 2 == 1) {
            FloatVector x = FloatVector.broadcast(FLOATS, q[qAt + headDim - 1]);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, keys, ORDER);
            evenA = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA);
            oddA = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA);
            v = IntVector.fromMemorySegment(INTS, memory, keys + apart, ORDER);
            evenB = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB);
            oddB = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB);
        }
        evenA = evenA.add(evenA2).mul(REST);
        oddA = oddA.add(oddA2).mul(REST);
        evenA.rearrange(FIRST, oddA).intoArray(s, at);
        evenA.rearrange(SECOND, oddA).intoArray(s, at + LANES);
        if (apart == 0) {
            return;
        }
        evenB = evenB.add(evenB2).mul(REST);
        oddB = oddB.add(oddB2).mul(REST);
        evenB.rearrange(FIRST, oddB).intoArray(s, at + pageSize);
        evenB.rearrange(SECOND, oddB).intoArray(s, at + pageSize + LANES);
    }

    private static void fourScores(MemorySegment memory, long keys, long apart, int pageSize, int headDim, float[] q,
            int qAt, float[] s, int at) {
        FloatVector evenA0 = FloatVector.zero(FLOATS);
        FloatVector evenA1 = evenA0;
        FloatVector evenA2 = evenA0;
        FloatVector evenA3 = evenA0;
        FloatVector oddA0 = evenA0;
        FloatVector oddA1 = evenA0;
        FloatVector oddA2 = evenA0;
        FloatVector oddA3 = evenA0;
        FloatVector evenB0 = evenA0;
        FloatVector evenB1 = evenA0;
        FloatVector evenB2 = evenA0;
        FloatVector evenB3 = evenA0;
        FloatVector oddB0 = evenA0;
        FloatVector oddB1 = evenA0;
        FloatVector oddB2 = evenA0;
        FloatVector oddB3 = evenA0;
        for (int d = 0; d < headDim; d++, keys += 2L * pageSize) {
            IntVector v = IntVector.fromMemorySegment(INTS, memory, keys, ORDER);
            FloatVector evenA = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            FloatVector oddA = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            v = IntVector.fromMemorySegment(INTS, memory, keys + apart, ORDER);
            FloatVector evenB = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            FloatVector oddB = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            int i = qAt + QUAD * d;
            FloatVector x = FloatVector.broadcast(FLOATS, q[i]);
            evenA0 = evenA.fma(x, evenA0);
            oddA0 = oddA.fma(x, oddA0);
            evenB0 = evenB.fma(x, evenB0);
            oddB0 = oddB.fma(x, oddB0);
            x = FloatVector.broadcast(FLOATS, q[i + 1]);
            evenA1 = evenA.fma(x, evenA1);
            oddA1 = oddA.fma(x, oddA1);
            evenB1 = evenB.fma(x, evenB1);
            oddB1 = oddB.fma(x, oddB1);
            x = FloatVector.broadcast(FLOATS, q[i + 2]);
            evenA2 = evenA.fma(x, evenA2);
            oddA2 = oddA.fma(x, oddA2);
            evenB2 = evenB.fma(x, evenB2);
            oddB2 = oddB.fma(x, oddB2);
            x = FloatVector.broadcast(FLOATS, q[i + 3]);
            evenA3 = evenA.fma(x, evenA3);
            oddA3 = oddA.fma(x, oddA3);
            evenB3 = evenB.fma(x, evenB3);
            oddB3 = oddB.fma(x, oddB3);
        }
        evenA0.rearrange(FIRST, oddA0).mul(REST).intoArray(s, at);
        evenA0.rearrange(SECOND, oddA0).mul(REST).intoArray(s, at + LANES);
        evenA1.rearrange(FIRST, oddA1).mul(REST).intoArray(s, at + STRIDE);
        evenA1.rearrange(SECOND, oddA1).mul(REST).intoArray(s, at + STRIDE + LANES);
        evenA2.rearrange(FIRST, oddA2).mul(REST).intoArray(s, at + 2 * STRIDE);
        evenA2.rearrange(SECOND, oddA2).mul(REST).intoArray(s, at + 2 * STRIDE + LANES);
        evenA3.rearrange(FIRST, oddA3).mul(REST).intoArray(s, at + 3 * STRIDE);
        evenA3.rearrange(SECOND, oddA3).mul(REST).intoArray(s, at + 3 * STRIDE + LANES);
        if (apart == 0) {
            return;
        }
        evenB0.rearrange(FIRST, oddB0).mul(REST).intoArray(s, at + pageSize);
        evenB0.rearrange(SECOND, oddB0).mul(REST).intoArray(s, at + pageSize + LANES);
        evenB1.rearrange(FIRST, oddB1).mul(REST).intoArray(s, at + STRIDE + pageSize);
        evenB1.rearrange(SECOND, oddB1).mul(REST).intoArray(s, at + STRIDE + pageSize + LANES);
        evenB2.rearrange(FIRST, oddB2).mul(REST).intoArray(s, at + 2 * STRIDE + pageSize);
        evenB2.rearrange(SECOND, oddB2).mul(REST).intoArray(s, at + 2 * STRIDE + pageSize + LANES);
        evenB3.rearrange(FIRST, oddB3).mul(REST).intoArray(s, at + 3 * STRIDE + pageSize);
        evenB3.rearrange(SECOND, oddB3).mul(REST).intoArray(s, at + 3 * STRIDE + pageSize + LANES);
    }

    /**
     * Adds weighted values: {@code sum[row] += p[row][t] * v[t]} over two runs of tokens that are read side by side. The
     * sums are of even elements and of odd ones in turn, a vector each, and 2^-32 of what they should be: see
     * {@link #sorted}.
     *
     * @param values where the first run's values of one head are, {@code [count][headDim]}
     * @param apart from there to the second run's
     * @param p lifted, {@code [rows][STRIDE]} from {@code pAt}; readable up to {@link Tile#paddedRows}
     * @param pApart from the weights of the first run to those of the second
     * @param sum {@code [rows][headDim]} from 0; writable up to {@link Tile#paddedRows}
     */
    public static void addValues(MemorySegment memory, long values, long apart, int headDim, int count, float[] p,
            int pAt,
            int pApart, int rows, float[] sum) {
        for (int d = 0; d < headDim; d += PAIR) {
            if (rows == 1) {
                oneValue(memory, values + 2L * d, apart, headDim, count, p, pAt, pApart, sum, d);
            } else {
                for (int row = 0; row < rows; row += QUAD) {
                    fourValues(memory, values + 2L * d, apart, headDim, count, p, pAt + row * STRIDE, pApart, sum,
                            row * headDim + d);
                }
            }
        }
    }

    // Two turns at once, for the reason that oneScore gives.
    private static void oneValue(MemorySegment memory, long values, long apart, int headDim, int count, float[] p,
            int pAt, int pApart, float[] sum, int at) {
        FloatVector evenA = FloatVector.fromArray(FLOATS, sum, at);
        FloatVector oddA = FloatVector.fromArray(FLOATS, sum, at + LANES);
        FloatVector evenB = FloatVector.zero(FLOATS);
        FloatVector oddB = evenB;
        FloatVector evenA2 = evenB;
        FloatVector oddA2 = evenB;
        FloatVector evenB2 = evenB;
        FloatVector oddB2 = evenB;
        long line = 2L * headDim;
        int t = pAt;
        for (; t < pAt + count - 1; t += 2, values += 2 * line) {
            FloatVector x = FloatVector.broadcast(FLOATS, p[t]);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            evenA = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA);
            oddA = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA);
            x = FloatVector.broadcast(FLOATS, p[t + pApart]);
            v = IntVector.fromMemorySegment(INTS, memory, values + apart, ORDER);
            evenB = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB);
            oddB = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB);
            x = FloatVector.broadcast(FLOATS, p[t + 1]);
            v = IntVector.fromMemorySegment(INTS, memory, values + line, ORDER);
            evenA2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA2);
            oddA2 = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA2);
            x = FloatVector.broadcast(FLOATS, p[t + 1 + pApart]);
            v = IntVector.fromMemorySegment(INTS, memory, values + line + apart, ORDER);
            evenB2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB2);
            oddB2 = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB2);
        }
        if (t < pAt + count) {
            FloatVector x = FloatVector.broadcast(FLOATS, p[t]);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            evenA = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenA);
            oddA = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddA);
            x = FloatVector.broadcast(FLOATS, p[t + pApart]);
            v = IntVector.fromMemorySegment(INTS, memory, values + apart, ORDER);
            evenB = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, evenB);
            oddB = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats().fma(x, oddB);
        }
        evenA.add(evenA2).add(evenB.add(evenB2)).intoArray(sum, at);
        oddA.add(oddA2).add(oddB.add(oddB2)).intoArray(sum, at + LANES);
    }

    private static void fourValues(MemorySegment memory, long values, long apart, int headDim, int count, float[] p,
            int pAt, int pApart, float[] sum, int at) {
        int at1 = at + headDim;
        int at2 = at1 + headDim;
        int at3 = at2 + headDim;
        FloatVector even0 = FloatVector.fromArray(FLOATS, sum, at);
        FloatVector odd0 = FloatVector.fromArray(FLOATS, sum, at + LANES);
        FloatVector even1 = FloatVector.fromArray(FLOATS, sum, at1);
        FloatVector odd1 = FloatVector.fromArray(FLOATS, sum, at1 + LANES);
        FloatVector even2 = FloatVector.fromArray(FLOATS, sum, at2);
        FloatVector odd2 = FloatVector.fromArray(FLOATS, sum, at2 + LANES);
        FloatVector even3 = FloatVector.fromArray(FLOATS, sum, at3);
        FloatVector odd3 = FloatVector.fromArray(FLOATS, sum, at3 + LANES);
        for (int t = pAt; t < pAt + count; t++, values += 2L * headDim) {
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            FloatVector even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            FloatVector odd = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(FLOATS, p[t]);
            even0 = even.fma(x, even0);
            odd0 = odd.fma(x, odd0);
            x = FloatVector.broadcast(FLOATS, p[t + STRIDE]);
            even1 = even.fma(x, even1);
            odd1 = odd.fma(x, odd1);
            x = FloatVector.broadcast(FLOATS, p[t + 2 * STRIDE]);
            even2 = even.fma(x, even2);
            odd2 = odd.fma(x, odd2);
            x = FloatVector.broadcast(FLOATS, p[t + 3 * STRIDE]);
            even3 = even.fma(x, even3);
            odd3 = odd.fma(x, odd3);
            v = IntVector.fromMemorySegment(INTS, memory, values + apart, ORDER);
            even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            odd = v.lanewise(ASHR, 3).and(HALF_BITS).reinterpretAsFloats();
            int u = t + pApart;
            x = FloatVector.broadcast(FLOATS, p[u]);
            even0 = even.fma(x, even0);
            odd0 = odd.fma(x, odd0);
            x = FloatVector.broadcast(FLOATS, p[u + STRIDE]);
            even1 = even.fma(x, even1);
            odd1 = odd.fma(x, odd1);
            x = FloatVector.broadcast(FLOATS, p[u + 2 * STRIDE]);
            even2 = even.fma(x, even2);
            odd2 = odd.fma(x, odd2);
            x = FloatVector.broadcast(FLOATS, p[u + 3 * STRIDE]);
            even3 = even.fma(x, even3);
            odd3 = odd.fma(x, odd3);
        }
        even0.intoArray(sum, at);
        odd0.intoArray(sum, at + LANES);
        even1.intoArray(sum, at1);
        odd1.intoArray(sum, at1 + LANES);
        even2.intoArray(sum, at2);
        odd2.intoArray(sum, at2 + LANES);
        even3.intoArray(sum, at3);
        odd3.intoArray(sum, at3 + LANES);
    }

    /** Adds the weighted values of one token, as {@link #addValues} does those of two runs. */
    public static void addValue(MemorySegment memory, long values, int headDim, float[] p, int pAt, int rows,
            float[] sum) {
        for (int row = 0; row < rows; row++) {
            FloatVector x = FloatVector.broadcast(FLOATS, p[pAt + row * STRIDE]);
            for (int d = 0; d < headDim; d += PAIR) {
                int at = row * headDim + d;
                IntVector v = IntVector.fromMemorySegment(INTS, memory, values + 2L * d, ORDER);
                v.lanewise(LSHL, 16)
                        .lanewise(ASHR, 3)
                        .and(HALF_BITS)
                        .reinterpretAsFloats()
                        .fma(x, FloatVector.fromArray(FLOATS, sum, at))
                        .intoArray(sum, at);
                v.lanewise(ASHR, 3)
                        .and(HALF_BITS)
                        .reinterpretAsFloats()
                        .fma(x, FloatVector.fromArray(FLOATS, sum, at + LANES))
                        .intoArray(sum, at + LANES);
            }
        }
    }

    /** Writes the sums of {@link #addValues} of one row in the order of their elements and to scale. */
    public static void sorted(float[] sum, int from, int headDim, float[] out, int to) {
        for (int d = 0; d < headDim; d += PAIR) {
            FloatVector even = FloatVector.fromArray(FLOATS, sum, from + d).mul(REST);
            FloatVector odd = FloatVector.fromArray(FLOATS, sum, from + d + LANES).mul(REST);
            even.rearrange(FIRST, odd).intoArray(out, to + d);
            even.rearrange(SECOND, odd).intoArray(out, to + d + LANES);
        }
    }
}
