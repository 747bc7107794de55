package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

import static dev.kvasir.kernels.vector.FloatDot.SCALE_BITS;
import static dev.kvasir.kernels.vector.Lanes.FLOATS;
import static dev.kvasir.kernels.vector.Lanes.INTS;
import static dev.kvasir.kernels.vector.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

/**
 * Scores and weighted sums straight from the f16 numbers of a page, without a copy of them as floats: reading and
 * computing overlap then, where a copy makes them take turns.
 *
 * <p>Two neighbours lie in each lane of 32 bits. Shifted to where a float has sign, exponent and fraction they are
 * 2^-112 of what they should be; queries and weights are {@link #LIFT} times too large, and {@link #LOWER} takes off what
 * is left.
 */
final class PageHalves {
    /** What queries and weights are multiplied with. */
    static final float LIFT = 0x1p80f;
    private static final float LOWER = 0x1p32f;

    private static final int LANES = FLOATS.length();
    private static final int PAIR = 2 * LANES; // halves of one vector
    private static final VectorShuffle<Float> FIRST = VectorShuffle.makeZip(FLOATS, 0);
    private static final VectorShuffle<Float> SECOND = VectorShuffle.makeZip(FLOATS, 1);

    private PageHalves() {}

    /** Whether pages of this shape can be read so. */
    static boolean reads(PageGeometry geometry) {
        return geometry.type() == KvType.F16 && geometry.pageSize() % PAIR == 0 && geometry.headDim() % PAIR == 0;
    }

    /**
     * Scores of all tokens of a page: {@code s[row][t] = q[row] . k[t]}.
     *
     * @param keys where the page's keys of one head are, {@code [headDim][pageSize]}
     * @param q lifted, {@code [rows][headDim]} from {@code qAt}; readable up to {@link Tile#paddedRows}
     * @param s {@code [rows][stride]} from {@code at}; writable up to {@link Tile#paddedRows}
     */
    static void scores(MemorySegment memory, long keys, PageGeometry geometry, float[] q, int qAt, int rows, float[] s,
            int at, int stride) {
        int pageSize = geometry.pageSize();
        int headDim = geometry.headDim();
        for (int token = 0; token < pageSize; token += PAIR) {
            int row = 0;
            for (; row + 1 < rows; row += 4) {
                fourScores(memory, keys + 2L * token, pageSize, headDim, q, qAt + row * headDim, s,
                        at + row * stride + token, stride);
            }
            if (row < rows) {
                oneScore(memory, keys + 2L * token, pageSize, headDim, q, qAt + row * headDim, s,
                        at + row * stride + token);
            }
        }
    }

    private static void oneScore(MemorySegment memory, long keys, int pageSize, int headDim, float[] q, int qAt,
            float[] s, int at) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        FloatVector even2 = even;
        FloatVector odd2 = even;
        long line = 2L * pageSize;
        for (int d = 0; d < headDim; d += 2, keys += 2 * line) {
            FloatVector x = FloatVector.broadcast(FLOATS, q[qAt + d]);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, keys, ORDER);
            even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, even);
            odd = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, odd);
            x = FloatVector.broadcast(FLOATS, q[qAt + d + 1]);
            v = IntVector.fromMemorySegment(INTS, memory, keys + line, ORDER);
            even2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, even2);
            odd2 = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, odd2);
        }
        even = even.add(even2).mul(LOWER);
        odd = odd.add(odd2).mul(LOWER);
        even.rearrange(FIRST, odd).intoArray(s, at);
        even.rearrange(SECOND, odd).intoArray(s, at + LANES);
    }

    private static void fourScores(MemorySegment memory, long keys, int pageSize, int headDim, float[] q, int qAt,
            float[] s, int at, int stride) {
        FloatVector even0 = FloatVector.zero(FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        int q1 = qAt + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        for (int d = 0; d < headDim; d++, keys += 2L * pageSize) {
            IntVector v = IntVector.fromMemorySegment(INTS, memory, keys, ORDER);
            FloatVector even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats();
            FloatVector odd = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(FLOATS, q[qAt + d]);
            even0 = even.fma(x, even0);
            odd0 = odd.fma(x, odd0);
            x = FloatVector.broadcast(FLOATS, q[q1 + d]);
            even1 = even.fma(x, even1);
            odd1 = odd.fma(x, odd1);
            x = FloatVector.broadcast(FLOATS, q[q2 + d]);
            even2 = even.fma(x, even2);
            odd2 = odd.fma(x, odd2);
            x = FloatVector.broadcast(FLOATS, q[q3 + d]);
            even3 = even.fma(x, even3);
            odd3 = odd.fma(x, odd3);
        }
        even0.rearrange(FIRST, odd0).mul(LOWER).intoArray(s, at);
        even0.rearrange(SECOND, odd0).mul(LOWER).intoArray(s, at + LANES);
        even1.rearrange(FIRST, odd1).mul(LOWER).intoArray(s, at + stride);
        even1.rearrange(SECOND, odd1).mul(LOWER).intoArray(s, at + stride + LANES);
        even2.rearrange(FIRST, odd2).mul(LOWER).intoArray(s, at + 2 * stride);
        even2.rearrange(SECOND, odd2).mul(LOWER).intoArray(s, at + 2 * stride + LANES);
        even3.rearrange(FIRST, odd3).mul(LOWER).intoArray(s, at + 3 * stride);
        even3.rearrange(SECOND, odd3).mul(LOWER).intoArray(s, at + 3 * stride + LANES);
    }

    /**
     * Adds weighted values: {@code sum[row] += p[row][t] * v[t]} over the first {@code tokens} tokens, where the sums are
     * of even elements and of odd ones in turn, a vector each, and 2^-32 of what they should be: see {@link #sorted}.
     *
     * @param values where the page's values of one head are, {@code [pageSize][headDim]}
     * @param p {@code [rows][pStride]} from {@code pAt}; readable up to {@link Tile#paddedRows}
     * @param sum {@code [rows][headDim]} from 0; writable up to {@link Tile#paddedRows}
     */
    static void addValues(MemorySegment memory, long values, int headDim, int tokens, float[] p, int pAt, int pStride,
            int rows, float[] sum) {
        for (int d = 0; d < headDim; d += PAIR) {
            int row = 0;
            for (; row + 1 < rows; row += 4) {
                fourValues(memory, values + 2L * d, headDim, tokens, p, pAt + row * pStride, pStride, sum,
                        row * headDim + d);
            }
            if (row < rows) {
                oneValue(memory, values + 2L * d, headDim, tokens, p, pAt + row * pStride, sum, row * headDim + d);
            }
        }
    }

    private static void oneValue(MemorySegment memory, long values, int headDim, int tokens, float[] p, int pAt,
            float[] sum, int at) {
        FloatVector even = FloatVector.fromArray(FLOATS, sum, at);
        FloatVector odd = FloatVector.fromArray(FLOATS, sum, at + LANES);
        FloatVector even2 = FloatVector.zero(FLOATS);
        FloatVector odd2 = even2;
        long line = 2L * headDim;
        int t = 0;
        for (; t + 1 < tokens; t += 2, values += 2 * line) {
            FloatVector x = FloatVector.broadcast(FLOATS, p[pAt + t] * LIFT);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, even);
            odd = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, odd);
            x = FloatVector.broadcast(FLOATS, p[pAt + t + 1] * LIFT);
            v = IntVector.fromMemorySegment(INTS, memory, values + line, ORDER);
            even2 = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, even2);
            odd2 = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, odd2);
        }
        if (t < tokens) {
            FloatVector x = FloatVector.broadcast(FLOATS, p[pAt + t] * LIFT);
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, even);
            odd = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats().fma(x, odd);
        }
        even.add(even2).intoArray(sum, at);
        odd.add(odd2).intoArray(sum, at + LANES);
    }

    private static void fourValues(MemorySegment memory, long values, int headDim, int tokens, float[] p, int pAt,
            int pStride, float[] sum, int at) {
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
        int p1 = pAt + pStride;
        int p2 = p1 + pStride;
        int p3 = p2 + pStride;
        for (int t = 0; t < tokens; t++, values += 2L * headDim) {
            IntVector v = IntVector.fromMemorySegment(INTS, memory, values, ORDER);
            FloatVector even = v.lanewise(LSHL, 16).lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats();
            FloatVector odd = v.lanewise(ASHR, 3).and(SCALE_BITS).reinterpretAsFloats();
            FloatVector x = FloatVector.broadcast(FLOATS, p[pAt + t] * LIFT);
            even0 = even.fma(x, even0);
            odd0 = odd.fma(x, odd0);
            x = FloatVector.broadcast(FLOATS, p[p1 + t] * LIFT);
            even1 = even.fma(x, even1);
            odd1 = odd.fma(x, odd1);
            x = FloatVector.broadcast(FLOATS, p[p2 + t] * LIFT);
            even2 = even.fma(x, even2);
            odd2 = odd.fma(x, odd2);
            x = FloatVector.broadcast(FLOATS, p[p3 + t] * LIFT);
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

    /** Writes the sums of {@link #addValues} of one row in the order of their elements and to scale. */
    static void sorted(float[] sum, int from, int headDim, float[] out, int to) {
        for (int d = 0; d < headDim; d += PAIR) {
            FloatVector even = FloatVector.fromArray(FLOATS, sum, from + d).mul(LOWER);
            FloatVector odd = FloatVector.fromArray(FLOATS, sum, from + d + LANES).mul(LOWER);
            even.rearrange(FIRST, odd).intoArray(out, to + d);
            even.rearrange(SECOND, odd).intoArray(out, to + d + LANES);
        }
    }
}
