package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.Heads;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@link DigestScore} of digests of kind {@code CUBOID_CORNERS}: for each query head the largest product with a corner
 * at which a key lies, {@code max_t sum_i q_i (b_ti ? u : l)_i}, {@link DigestKind} has the words.
 *
 * <p>One work-group takes the digests of {@code pageSize} pages. Neighbouring work-items take neighbouring pages; a
 * work-item takes a page, the eight tokens whose bits share a number, and one slice of the dimensions, so that a corner is
 * read once for eight tokens. The sums of its slices of dimensions meet in local memory. Large pages take several rounds
 * of tokens. Local memory: {@code headDim + 8 * THREADS} floats, and as many again as {@code THREADS}.
 */
public final class CornerScore {
    private static final int THREADS = DigestScore.THREADS;
    private static final int TOKENS = DigestKind.TOKENS_A_NUMBER;

    private CornerScore() {}

    /** Adds the task for {@link DigestScore#addTo}, which launches it. */
    static void add(TaskList tasks, String name, FloatArray q, FrameBuffer frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, HeadAggregation aggregation, Heads heads, int maxSheets) {
        var page = frames.geometry();
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, CornerScore::score, tasks.context(), q, floats.array(), digestFrames, judged,
                            importance, aggregation.ordinal(), heads.groups(), heads.queryHeads(), page.heads(),
                            page.headDim(), page.pageSize(), maxSheets);
            case Halves halves -> tasks.graph()
                    .task(name, CornerScore::scoreHalf, tasks.context(), q, halves.array(), digestFrames, judged,
                            importance, aggregation.ordinal(), heads.groups(), heads.queryHeads(), page.heads(),
                            page.headDim(), page.pageSize(), maxSheets);
        }
    }

    /**
     * Scores the judged pages, unscaled.
     *
     * @param q {@code [sequences][queryHeads][headDim]}, post-RoPE
     * @param digestFrames {@code [tables][maxSheets]} {@link DigestKind#frames} each; page {@code i} is digested in lane
     *            {@code i % pageSize} of the {@code i / pageSize}-th
     * @param judged {@code [tables]} pages with a digest
     * @param importance receives {@code [tables][maxSheets * pageSize]}, as many a table as are judged
     * @param aggregation the ordinal of a {@link HeadAggregation}
     * @param queryHeads of a sequence, all groups
     * @param heads KV heads of a frame
     */
    public static void score(KernelContext context, FloatArray q, FloatArray frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, int aggregation, int groups, int queryHeads, int heads, int headDim,
            int pageSize, int maxSheets) {
        int thread = context.localIdx;
        int sheet = context.groupIdx;
        int table = context.groupIdy;
        int pages = judged.get(table);
        float[] query = context.allocateFloatLocalArray(headDim);
        float[] sums = context.allocateFloatLocalArray(TOKENS * THREADS); // [TOKENS][slices][numbers][pageSize]
        float[] products = context.allocateFloatLocalArray(THREADS * TOKENS); // [tokens of a round][pageSize]
        int groupHeads = queryHeads / groups;
        int scored = sheet * pageSize < pages ? groupHeads : 0;
        int shared = groupHeads / heads;
        int numbers = DigestKinds.numbersOfBits(pageSize);
        int together = Math.min(numbers, THREADS / pageSize); // numbers of a round
        int slices = THREADS / pageSize / together;
        int columns = together * pageSize;
        int tokens = Math.min(TOKENS, pageSize); // of a number
        int lane = thread % pageSize;
        int number = thread / pageSize % together;
        int slice = thread / columns;
        int stride = Frames.stride(heads, headDim, pageSize);
        int framesEach = DigestKinds.frames(DigestKinds.CUBOID_CORNERS, pageSize);
        int list = (table * maxSheets + sheet) * framesEach;
        float result = aggregation == 0 ? 0f : -1e30f;
        for (int h = 0; h < scored; h++) {
            for (int d = thread; d < headDim; d += THREADS) {
                query[d] = q.get((table * groupHeads + h) * headDim + d);
            }
            context.localBarrier();
            int within = h / shared * Frames.headElements(headDim, pageSize) + lane;
            int corners = digestFrames.get(list) * stride + within;
            float best = -1e30f;
            for (int first = 0; first < numbers; first += together) {
                int bitsAt = digestFrames.get(list + 1 + (first + number) / 2) * stride + within
                        + (first + number) % 2 * headDim * pageSize;
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                float s4 = 0;
                float s5 = 0;
                float s6 = 0;
                float s7 = 0;
                for (int d = slice; d < headDim; d += slices) {
                    float upper = query[d] * frames.get(corners + d * pageSize);
                    float lower = query[d] * frames.get(corners + (headDim + d) * pageSize);
                    int bits = (int) frames.get(bitsAt + d * pageSize);
                    s0 += (bits & 1) != 0 ? upper : lower;
                    s1 += (bits & 2) != 0 ? upper : lower;
                    s2 += (bits & 4) != 0 ? upper : lower;
                    s3 += (bits & 8) != 0 ? upper : lower;
                    s4 += (bits & 16) != 0 ? upper : lower;
                    s5 += (bits & 32) != 0 ? upper : lower;
                    s6 += (bits & 64) != 0 ? upper : lower;
                    s7 += (bits & 128) != 0 ? upper : lower;
                }
                sums[thread] = s0;
                sums[THREADS + thread] = s1;
                sums[2 * THREADS + thread] = s2;
                sums[3 * THREADS + thread] = s3;
                sums[4 * THREADS + thread] = s4;
                sums[5 * THREADS + thread] = s5;
                sums[6 * THREADS + thread] = s6;
                sums[7 * THREADS + thread] = s7;
                context.localBarrier();
                for (int i = thread; i < tokens * columns; i += THREADS) {
                    float product = 0;
                    for (int s = 0; s < slices; s++) {
                        product += sums[i / columns * THREADS + s * columns + i % columns];
                    }
                    products[i] = product;
                }
                context.localBarrier();
                if (thread < pageSize) {
                    for (int i = thread; i < tokens * columns; i += pageSize) {
                        best = Math.max(best, products[i]);
                    }
                }
                context.localBarrier();
            }
            result = aggregation == 0 ? result + best / groupHeads : Math.max(result, best);
        }
        int page = sheet * pageSize + thread;
        if (thread < pageSize && page < pages) {
            importance.set(table * maxSheets * pageSize + page, result);
        }
    }

    /** {@link #score} of half-precision digests. */
    public static void scoreHalf(KernelContext context, FloatArray q, HalfFloatArray frames, IntArray digestFrames,
            IntArray judged, FloatArray importance, int aggregation, int groups, int queryHeads, int heads, int headDim,
            int pageSize, int maxSheets) {
        int thread = context.localIdx;
        int sheet = context.groupIdx;
        int table = context.groupIdy;
        int pages = judged.get(table);
        float[] query = context.allocateFloatLocalArray(headDim);
        float[] sums = context.allocateFloatLocalArray(TOKENS * THREADS); // [TOKENS][slices][numbers][pageSize]
        float[] products = context.allocateFloatLocalArray(THREADS * TOKENS); // [tokens of a round][pageSize]
        int groupHeads = queryHeads / groups;
        int scored = sheet * pageSize < pages ? groupHeads : 0;
        int shared = groupHeads / heads;
        int numbers = DigestKinds.numbersOfBits(pageSize);
        int together = Math.min(numbers, THREADS / pageSize); // numbers of a round
        int slices = THREADS / pageSize / together;
        int columns = together * pageSize;
        int tokens = Math.min(TOKENS, pageSize); // of a number
        int lane = thread % pageSize;
        int number = thread / pageSize % together;
        int slice = thread / columns;
        int stride = Frames.halfStride(heads, headDim, pageSize);
        int framesEach = DigestKinds.frames(DigestKinds.CUBOID_CORNERS, pageSize);
        int list = (table * maxSheets + sheet) * framesEach;
        float result = aggregation == 0 ? 0f : -1e30f;
        for (int h = 0; h < scored; h++) {
            for (int d = thread; d < headDim; d += THREADS) {
                query[d] = q.get((table * groupHeads + h) * headDim + d);
            }
            context.localBarrier();
            int within = h / shared * Frames.headElements(headDim, pageSize) + lane;
            int corners = digestFrames.get(list) * stride + within;
            float best = -1e30f;
            for (int first = 0; first < numbers; first += together) {
                int bitsAt = digestFrames.get(list + 1 + (first + number) / 2) * stride + within
                        + (first + number) % 2 * headDim * pageSize;
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                float s4 = 0;
                float s5 = 0;
                float s6 = 0;
                float s7 = 0;
                for (int d = slice; d < headDim; d += slices) {
                    float upper = query[d] * frames.get(corners + d * pageSize).getFloat32();
                    float lower = query[d] * frames.get(corners + (headDim + d) * pageSize).getFloat32();
                    int bits = (int) frames.get(bitsAt + d * pageSize).getFloat32();
                    s0 += (bits & 1) != 0 ? upper : lower;
                    s1 += (bits & 2) != 0 ? upper : lower;
                    s2 += (bits & 4) != 0 ? upper : lower;
                    s3 += (bits & 8) != 0 ? upper : lower;
                    s4 += (bits & 16) != 0 ? upper : lower;
                    s5 += (bits & 32) != 0 ? upper : lower;
                    s6 += (bits & 64) != 0 ? upper : lower;
                    s7 += (bits & 128) != 0 ? upper : lower;
                }
                sums[thread] = s0;
                sums[THREADS + thread] = s1;
                sums[2 * THREADS + thread] = s2;
                sums[3 * THREADS + thread] = s3;
                sums[4 * THREADS + thread] = s4;
                sums[5 * THREADS + thread] = s5;
                sums[6 * THREADS + thread] = s6;
                sums[7 * THREADS + thread] = s7;
                context.localBarrier();
                for (int i = thread; i < tokens * columns; i += THREADS) {
                    float product = 0;
                    for (int s = 0; s < slices; s++) {
                        product += sums[i / columns * THREADS + s * columns + i % columns];
                    }
                    products[i] = product;
                }
                context.localBarrier();
                if (thread < pageSize) {
                    for (int i = thread; i < tokens * columns; i += pageSize) {
                        best = Math.max(best, products[i]);
                    }
                }
                context.localBarrier();
            }
            result = aggregation == 0 ? result + best / groupHeads : Math.max(result, best);
        }
        int page = sheet * pageSize + thread;
        if (thread < pageSize && page < pages) {
            importance.set(table * maxSheets * pageSize + page, result);
        }
    }

    /** Both aggregations. */
    public static List<KernelSample> samples() {
        return DigestScore.samples("CornerScore", DigestKind.CUBOID_CORNERS);
    }
}
