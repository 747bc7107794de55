package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.Heads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Estimates the importance of every judged page of every table in one launch: {@link DigestKind} has the formulas.
 * {@code CUBOID_CORNERS} has a kernel of its own: {@link CornerScore}.
 *
 * <p>Every estimate is linear in the rows of a digest once the signs of the query are known, so it is a dot product with
 * a vector of coefficients: {@code q} for a centroid; {@code q} and then {@code ||q||} for a sphere; {@code max(q, 0)}
 * and then {@code min(q, 0)} for a cuboid, whose upper corner is never below its lower one. For the mean over query heads
 * that share a KV head, the sum of their coefficients is enough: one pass over the digests. The maximum takes one pass for
 * each query head.
 *
 * <p>One work-group takes one digest frame: its rows {@code [rows][pageSize]} are one run of memory for each head.
 * Neighbouring work-items take neighbouring pages (lanes); {@code THREADS / pageSize} of them share a page and
 * divide its rows. Local memory: {@code 2 * headDim + 1 + THREADS} floats.
 */
public final class DigestScore {
    static final int THREADS = 256;

    private DigestScore() {}

    /**
     * Adds the task of {@code kind}: this kernel, or {@link CornerScore}. A work-group takes the digests of
     * {@code pageSize} pages.
     *
     * @param judged {@code [tables]}: as many tables are launched
     */
    public static void addTo(TaskList tasks, String name, FloatArray q, FrameBuffer frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, DigestKind kind, HeadAggregation aggregation, Heads heads) {
        var page = frames.geometry();
        int tables = judged.getSize();
        int maxSheets = digestFrames.getSize() / (tables * kind.frames(page));
        if (kind == DigestKind.CUBOID_CORNERS) {
            CornerScore.add(tasks, name, q, frames, digestFrames, judged, importance, aggregation, heads, maxSheets);
        } else {
            switch (frames) {
                case Floats floats -> tasks.graph()
                        .task(name, DigestScore::score, tasks.context(), q, floats.array(), digestFrames, judged,
                                importance, kind.ordinal(), aggregation.ordinal(), heads.groups(), heads.queryHeads(),
                                page.heads(), page.headDim(), page.pageSize(), maxSheets);
                case Halves halves -> tasks.graph()
                        .task(name, DigestScore::scoreHalf, tasks.context(), q, halves.array(), digestFrames, judged,
                                importance, kind.ordinal(), aggregation.ordinal(), heads.groups(), heads.queryHeads(),
                                page.heads(), page.headDim(), page.pageSize(), maxSheets);
            }
        }
        tasks.launch(name, Grids.plane(maxSheets, tables, THREADS));
    }

    /**
     * Scores the judged pages, unscaled.
     *
     * @param q {@code [sequences][queryHeads][headDim]}, post-RoPE
     * @param digestFrames {@code [tables][maxDigestFrames]}; page {@code i} is digested in lane {@code i % pageSize} of
     *            the {@code i / pageSize}-th
     * @param judged {@code [tables]} pages with a digest
     * @param importance receives {@code [tables][maxDigestFrames * pageSize]}, as many a table as are judged
     * @param kind the ordinal of a {@link DigestKind}
     * @param aggregation the ordinal of a {@link HeadAggregation}
     * @param queryHeads of a sequence, all groups
     * @param heads KV heads of a frame
     */
    public static void score(KernelContext context, FloatArray q, FloatArray frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, int kind, int aggregation, int groups, int queryHeads, int heads,
            int headDim, int pageSize, int maxDigestFrames) {
        int thread = context.localIdx;
        int frame = context.groupIdx;
        int table = context.groupIdy;
        int pages = judged.get(table);
        float[] coefficients = context.allocateFloatLocalArray(2 * headDim + 1);
        float[] estimates = context.allocateFloatLocalArray(THREADS);
        int groupHeads = queryHeads / groups;
        int scored = frame * pageSize < pages ? groupHeads : 0;
        int shared = groupHeads / heads;
        int together = aggregation == 0 ? shared : 1; // query heads scored in one pass
        int rows = DigestKinds.rows(kind, headDim);
        int lane = thread % pageSize;
        int slice = thread / pageSize;
        int slices = THREADS / pageSize;
        int at = digestFrames.get(table * maxDigestFrames + frame) * Frames.stride(heads, headDim, pageSize) + lane;
        float estimate = 0;
        float largest = -1e30f;
        for (int first = 0; first < scored; first += together) {
            int query = (table * groupHeads + first) * headDim;
            for (int row = thread; row < rows; row += THREADS) {
                coefficients[row] = coefficient(q, query, row, together, kind, headDim);
            }
            context.localBarrier();
            int digest = at + first / shared * Frames.headElements(headDim, pageSize);
            for (int row = slice; row < rows; row += slices) {
                estimate += coefficients[row] * frames.get(digest + row * pageSize);
            }
            if (aggregation != 0) {
                estimates[thread] = estimate;
                estimate = 0;
                context.localBarrier();
                if (thread < pageSize) {
                    float whole = 0;
                    for (int s = 0; s < slices; s++) {
                        whole += estimates[s * pageSize + thread];
                    }
                    largest = Math.max(largest, whole);
                }
            }
            context.localBarrier();
        }
        if (aggregation == 0) {
            estimates[thread] = estimate;
            context.localBarrier();
            if (thread < pageSize) {
                float whole = 0;
                for (int s = 0; s < slices; s++) {
                    whole += estimates[s * pageSize + thread];
                }
                largest = whole / groupHeads;
            }
        }
        int page = frame * pageSize + thread;
        if (thread < pageSize && page < pages) {
            importance.set(table * maxDigestFrames * pageSize + page, largest);
        }
    }

    /** {@link #score} of half-precision digests. */
    public static void scoreHalf(KernelContext context, FloatArray q, HalfFloatArray frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, int kind, int aggregation, int groups, int queryHeads, int heads,
            int headDim, int pageSize, int maxDigestFrames) {
        int thread = context.localIdx;
        int frame = context.groupIdx;
        int table = context.groupIdy;
        int pages = judged.get(table);
        float[] coefficients = context.allocateFloatLocalArray(2 * headDim + 1);
        float[] estimates = context.allocateFloatLocalArray(THREADS);
        int groupHeads = queryHeads / groups;
        int scored = frame * pageSize < pages ? groupHeads : 0;
        int shared = groupHeads / heads;
        int together = aggregation == 0 ? shared : 1;
        int rows = DigestKinds.rows(kind, headDim);
        int lane = thread % pageSize;
        int slice = thread / pageSize;
        int slices = THREADS / pageSize;
        int at = digestFrames.get(table * maxDigestFrames + frame) * Frames.halfStride(heads, headDim, pageSize)
                + lane;
        float estimate = 0;
        float largest = -1e30f;
        for (int first = 0; first < scored; first += together) {
            int query = (table * groupHeads + first) * headDim;
            for (int row = thread; row < rows; row += THREADS) {
                coefficients[row] = coefficient(q, query, row, together, kind, headDim);
            }
            context.localBarrier();
            int digest = at + first / shared * Frames.headElements(headDim, pageSize);
            for (int row = slice; row < rows; row += slices) {
                estimate += coefficients[row] * frames.get(digest + row * pageSize).getFloat32();
            }
            if (aggregation != 0) {
                estimates[thread] = estimate;
                estimate = 0;
                context.localBarrier();
                if (thread < pageSize) {
                    float whole = 0;
                    for (int s = 0; s < slices; s++) {
                        whole += estimates[s * pageSize + thread];
                    }
                    largest = Math.max(largest, whole);
                }
            }
            context.localBarrier();
        }
        if (aggregation == 0) {
            estimates[thread] = estimate;
            context.localBarrier();
            if (thread < pageSize) {
                float whole = 0;
                for (int s = 0; s < slices; s++) {
                    whole += estimates[s * pageSize + thread];
                }
                largest = whole / groupHeads;
            }
        }
        int page = frame * pageSize + thread;
        if (thread < pageSize && page < pages) {
            importance.set(table * maxDigestFrames * pageSize + page, largest);
        }
    }

    /** The coefficient of a row, summed over {@code together} query heads from {@code query}. */
    private static float coefficient(FloatArray q, int query, int row, int together, int kind, int headDim) {
        float sum = 0;
        for (int h = 0; h < together; h++) {
            int from = query + h * headDim;
            if (DigestKinds.isCuboid(kind)) {
                float element = q.get(from + row % headDim);
                sum += row < headDim ? Math.max(element, 0f) : Math.min(element, 0f);
            } else if (row < headDim) {
                sum += q.get(from + row);
            } else {
                float squares = 0;
                for (int d = 0; d < headDim; d++) {
                    squares += q.get(from + d) * q.get(from + d);
                }
                sum += TornadoMath.sqrt(squares);
            }
        }
        return sum;
    }

    /** The three forms of an estimate, each with both aggregations. */
    public static List<KernelSample> samples() {
        List<KernelSample> samples = new ArrayList<>();
        for (var kind : List.of(DigestKind.CENTROID, DigestKind.SPHERE_MAX, DigestKind.CUBOID_MAX)) {
            samples.addAll(samples("DigestScore." + kind.name().toLowerCase(Locale.ROOT), kind));
        }
        return samples;
    }

    static List<KernelSample> samples(String kernel, DigestKind kind) {
        int sheets = 64;
        List<KernelSample> samples = new ArrayList<>();
        for (var aggregation : HeadAggregation.values()) {
            String name = kernel + "." + aggregation.name().toLowerCase(Locale.ROOT);
            samples.addAll(FrameBuffer.samples(name, name + ".half", KernelSample.HEAD_DIM,
                    (a, frames) -> addTo(a.tasks(), KernelSample.TASK,
                            a.floats(KernelSample.QUERY_HEADS * KernelSample.HEAD_DIM), frames,
                            a.ints(sheets * kind.frames(frames.geometry())), a.ints(1),
                            a.floats(sheets * KernelSample.PAGE_SIZE), kind, aggregation, Heads.SAMPLE)));
        }
        return samples;
    }
}
