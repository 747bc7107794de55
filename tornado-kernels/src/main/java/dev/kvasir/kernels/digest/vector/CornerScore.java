package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.PagePanel;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * Estimates the importance of pages from digests of kind {@code CUBOID_CORNERS}, lanes being pages.
 *
 * <p>With corners {@code l} and {@code u} a query head's estimate is {@code q.l + max_t sum_i b_ti q_i (u - l)_i}. The
 * products {@code q_i (u - l)_i} are made once a page; every token then adds those that its bits {@code b_t} name. Eight
 * tokens are summed at a time, because a number of the digest holds their bits, for two query heads, because both use
 * the same bits. Not thread-safe.
 */
public final class CornerScore {
    private static final int LANES = FLOATS.length();
    private static final int TOKENS = DigestKind.TOKENS_A_NUMBER;
    /** Added to a whole number below it, this leaves the number in the low bits. */
    private static final float SHIFT = 0x1p23f;

    private final FrameArray frames;
    private final PageGeometry geometry;
    private final Workers workers;
    private final int headDim;
    private final int width; // pages of a panel
    private final int framesEach;
    private final Scratch[] scratch; // one a worker
    private final Workers.RangeTask scorePanels = this::scorePanels;

    // The call under way.
    private HeadAggregation aggregation = HeadAggregation.MEAN;
    private int[] digestFrames = {};
    private int pages;
    private float[] q = {};
    private int qOffset;
    private int queryHeads;
    private float[] importance = {};

    private static final class Scratch {
        final int[] list; // a frame of each digest in the panel
        final float[] page; // for frames smaller than a vector
        final float[][] rows; // [frames each][2 headDim][width]: corners, then bits of sixteen tokens each
        final float[] spans; // [2 query heads][headDim][width]: q (u - l)
        final float[] base; // [2 query heads][width]: q.l
        final float[] sums = new float[2 * TOKENS * LANES]; // [2 query heads][TOKENS][LANES] of spans
        final float[] best; // [2 query heads][width]: the largest sum of spans
        final float[] sum; // [width]: of all query heads, or their largest

        Scratch(PageGeometry geometry, int framesEach, int width) {
            int headDim = geometry.headDim();
            list = new int[PagePanel.frames(geometry)];
            page = new float[2 * headDim * geometry.pageSize()];
            rows = new float[framesEach][2 * headDim * width];
            spans = new float[2 * headDim * width];
            base = new float[2 * width];
            best = new float[2 * width];
            sum = new float[width];
        }
    }

    CornerScore(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        headDim = geometry.headDim();
        width = PagePanel.width(geometry);
        framesEach = DigestKind.CUBOID_CORNERS.frames(geometry);
        scratch = new Scratch[workers.size()];
    }

    /** As {@link DigestScore#score}. */
    void score(HeadAggregation aggregation, int[] digestFrames, int pages, float[] q, int qOffset, int queryHeads,
            float[] importance) {
        this.aggregation = aggregation;
        this.digestFrames = digestFrames;
        this.pages = pages;
        this.q = q;
        this.qOffset = qOffset;
        this.queryHeads = queryHeads;
        this.importance = importance;
        if (scratch[0] == null) {
            Arrays.setAll(scratch, i -> new Scratch(geometry, framesEach, width));
        }
        workers.forEachRange((pages + width - 1) / width, 1, scorePanels);
    }

    private void scorePanels(int worker, int from, int to) {
        var own = scratch[worker];
        int shared = queryHeads / geometry.heads();
        for (int panel = from; panel < to; panel++) {
            int first = panel * width;
            int count = Math.min(width, pages - first);
            Arrays.fill(own.sum, aggregation == HeadAggregation.MAX ? Float.NEGATIVE_INFINITY : 0f);
            for (int head = 0; head < geometry.heads(); head++) {
                read(own, first, count, head);
                for (int h = 0; h < shared; h += 2) {
                    int queries = Math.min(2, shared - h);
                    estimate(own, qOffset + (head * shared + h) * headDim, queries);
                    for (int i = 0; i < queries; i++) {
                        add(own, i * width);
                    }
                }
            }
            System.arraycopy(own.sum, 0, importance, first, count);
        }
    }

    private void read(Scratch own, int first, int count, int head) {
        int pageSize = geometry.pageSize();
        int digests = (count + pageSize - 1) / pageSize;
        int rows = DigestKind.CUBOID_CORNERS.rows(geometry);
        for (int part = 0; part < framesEach; part++) {
            for (int i = 0; i < digests; i++) {
                own.list[i] = digestFrames[(first / pageSize + i) * framesEach + part];
            }
            PagePanel.readColumns(frames, own.list, 0, digests, head, Math.min(2 * headDim, rows - part * 2 * headDim),
                    own.rows[part], own.page);
        }
    }

    /** Estimates for one or two query heads; with one, the sums of the other are old and not used. */
    private void estimate(Scratch own, int at, int queries) {
        for (int i = 0; i < queries; i++) {
            spans(own, at + i * headDim, i);
        }
        Arrays.fill(own.best, Float.NEGATIVE_INFINITY);
        for (int t = 0; t < geometry.pageSize(); t += TOKENS) {
            int block = t / TOKENS;
            for (int i = 0; i < width; i += LANES) {
                addSpans(own, own.rows[1 + block / 2], block % 2 * headDim * width + i, i);
                keepLargest(own.sums, 0, own.best, i);
                keepLargest(own.sums, TOKENS * LANES, own.best, width + i);
            }
        }
    }

    private void spans(Scratch own, int at, int query) {
        float[] corners = own.rows[0];
        int lower = headDim * width;
        int to = query * headDim * width;
        for (int i = 0; i < width; i += LANES) {
            FloatVector base = FloatVector.zero(FLOATS);
            for (int d = 0; d < headDim; d++) {
                float element = q[at + d];
                FloatVector low = FloatVector.fromArray(FLOATS, corners, lower + d * width + i);
                FloatVector high = FloatVector.fromArray(FLOATS, corners, d * width + i);
                high.sub(low).mul(element).intoArray(own.spans, to + d * width + i);
                base = low.fma(FloatVector.broadcast(FLOATS, element), base);
            }
            base.intoArray(own.base, query * width + i);
        }
    }

    // All in one method: a helper that is not inlined would box its vectors.
    private void addSpans(Scratch own, float[] bits, int bitsAt, int at) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector a4 = a0;
        FloatVector a5 = a0;
        FloatVector a6 = a0;
        FloatVector a7 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector b4 = a0;
        FloatVector b5 = a0;
        FloatVector b6 = a0;
        FloatVector b7 = a0;
        int second = headDim * width;
        for (int d = 0, from = 0; d < headDim; d++, from += width) {
            IntVector word = FloatVector.fromArray(FLOATS, bits, bitsAt + from).add(SHIFT).reinterpretAsInts();
            FloatVector a = FloatVector.fromArray(FLOATS, own.spans, at + from);
            FloatVector b = FloatVector.fromArray(FLOATS, own.spans, second + at + from);
            VectorMask<Float> m = word.and(1).compare(VectorOperators.NE, 0).cast(FLOATS);
            a0 = a0.add(a, m);
            b0 = b0.add(b, m);
            m = word.and(2).compare(VectorOperators.NE, 0).cast(FLOATS);
            a1 = a1.add(a, m);
            b1 = b1.add(b, m);
            m = word.and(4).compare(VectorOperators.NE, 0).cast(FLOATS);
            a2 = a2.add(a, m);
            b2 = b2.add(b, m);
            m = word.and(8).compare(VectorOperators.NE, 0).cast(FLOATS);
            a3 = a3.add(a, m);
            b3 = b3.add(b, m);
            m = word.and(16).compare(VectorOperators.NE, 0).cast(FLOATS);
            a4 = a4.add(a, m);
            b4 = b4.add(b, m);
            m = word.and(32).compare(VectorOperators.NE, 0).cast(FLOATS);
            a5 = a5.add(a, m);
            b5 = b5.add(b, m);
            m = word.and(64).compare(VectorOperators.NE, 0).cast(FLOATS);
            a6 = a6.add(a, m);
            b6 = b6.add(b, m);
            m = word.and(128).compare(VectorOperators.NE, 0).cast(FLOATS);
            a7 = a7.add(a, m);
            b7 = b7.add(b, m);
        }
        a0.intoArray(own.sums, 0);
        a1.intoArray(own.sums, LANES);
        a2.intoArray(own.sums, 2 * LANES);
        a3.intoArray(own.sums, 3 * LANES);
        a4.intoArray(own.sums, 4 * LANES);
        a5.intoArray(own.sums, 5 * LANES);
        a6.intoArray(own.sums, 6 * LANES);
        a7.intoArray(own.sums, 7 * LANES);
        b0.intoArray(own.sums, 8 * LANES);
        b1.intoArray(own.sums, 9 * LANES);
        b2.intoArray(own.sums, 10 * LANES);
        b3.intoArray(own.sums, 11 * LANES);
        b4.intoArray(own.sums, 12 * LANES);
        b5.intoArray(own.sums, 13 * LANES);
        b6.intoArray(own.sums, 14 * LANES);
        b7.intoArray(own.sums, 15 * LANES);
    }

    /** Keeps in {@code best} the largest of it and the sums of the tokens of a page. */
    private void keepLargest(float[] sums, int from, float[] best, int at) {
        FloatVector largest = FloatVector.fromArray(FLOATS, best, at);
        int tokens = Math.min(TOKENS, geometry.pageSize());
        for (int t = 0; t < tokens; t++) {
            largest = FloatVector.fromArray(FLOATS, sums, from + t * LANES).max(largest);
        }
        largest.intoArray(best, at);
    }

    private void add(Scratch own, int from) {
        for (int i = 0; i < width; i += LANES) {
            FloatVector estimate = FloatVector.fromArray(FLOATS, own.base, from + i)
                    .add(FloatVector.fromArray(FLOATS, own.best, from + i));
            FloatVector sum = FloatVector.fromArray(FLOATS, own.sum, i);
            sum = aggregation == HeadAggregation.MAX ? estimate.max(sum) : estimate.mul(1f / queryHeads).add(sum);
            sum.intoArray(own.sum, i);
        }
    }
}
