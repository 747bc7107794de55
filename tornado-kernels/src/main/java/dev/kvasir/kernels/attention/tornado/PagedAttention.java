package dev.kvasir.kernels.attention.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.Heads;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Paged attention, step 4 of 4: a work-group attends for up to four query heads that share a KV head.
 *
 * <p>Decode attention waits for memory, not for arithmetic, so this kernel uses each number that it reads several times.
 * A key in a register serves four query heads: the parts of {@code PagedAttention3Split} read each page once instead of
 * four times. (More than four heads form several work-groups, which find the page in the cache.) To keep enough reads in
 * flight, a work-item scores two tokens, four dimensions at a time, and sums values in steps of four tokens; it issues
 * eight or four independent reads before it needs the first. The largest scores of a tile take two barriers instead of the
 * seven of a tree.
 *
 * <p>The sectors of 32 bytes that warps request, as the simulator counts them, for 8 query heads on 2 KV heads of 64
 * dimensions and 1,024 tokens. The keys and values fill 32,768 sectors:
 *
 * <pre>
 * step                        work-groups    sectors
 * 1 a work-item a head                  1  1,837,569
 * 2 a work-group a head                 8    180,672
 * 3 4 parts                            32    181,424
 * 4 4 parts, 4 query heads              8     41,728
 * </pre>
 *
 * Most of the sectors above 32,768 are there because TornadoVM's arrays begin 16 bytes behind a sector: 32 floats touch
 * five sectors.
 *
 * <p>A partial result is {@code {acc [headDim], max, sum}} as in the scalar reference: {@code max = max_t s_t} with
 * {@code s_t = q.k_t / sqrt(headDim)}, {@code sum = sum_t exp(s_t - max)}, {@code acc = sum_t exp(s_t - max) v_t}. One
 * record for each query head and part, {@code [sequences][queryHeads][totalParts][headDim + 2]}. Two lists, residents
 * and late arrivals, are two launches into different parts of the same records, and one {@link #merge}.
 *
 * <p>Head sizes are multiples of 4 up to {@link #THREADS}; pages have at least 4 tokens. {@link PagedAttentionHalf} is
 * the same over half-precision frames.
 */
public final class PagedAttention {
    /** Work-items of a group. */
    public static final int THREADS = 128;
    /** Query heads that a work-group attends for. */
    static final int HEADS = 4;
    /** Tokens that a work-group scores at a time: two a work-item. */
    static final int TILE = 2 * THREADS;
    /** Work-items that look for the largest score of a query head. */
    static final int SCANNERS = 8;
    /** From the scores of one query head to the next: neighbouring scanners read from different banks. */
    static final int PITCH = THREADS + SCANNERS;

    private PagedAttention() {}

    /** Numbers in a partial result. */
    public static int partialSize(int headDim) {
        return headDim + 2;
    }

    /**
     * Adds the task {@link #attend}, or {@link PagedAttentionHalf#attend}: a work-group for each part, each four query
     * heads that share a KV head, and each table.
     *
     * @param tokens {@code [tables]}: as many tables are launched
     * @throws IllegalArgumentException if the kernel cannot do this head size
     */
    public static void addTo(TaskList tasks, String name, FloatArray q, FrameBuffer frames, IntArray list,
            IntArray tokens, FloatArray partials, Heads heads, Parts parts) {
        var page = frames.geometry();
        checkHeadDim(page.headDim());
        int tables = tokens.getSize();
        int maxFrames = list.getSize() / tables;
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PagedAttention::attend, tasks.context(), q, floats.array(), list, tokens, partials,
                            heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                            maxFrames, parts.first(), parts.count(), parts.total());
            case Halves halves -> tasks.graph()
                    .task(name, PagedAttentionHalf::attend, tasks.context(), q, halves.array(), list, tokens, partials,
                            heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                            maxFrames, parts.first(), parts.count(), parts.total());
        }
        int blocks = Math.ceilDiv(heads.groupHeads() / page.heads(), HEADS); // work-groups that share a KV head
        var grid = new WorkerGrid3D(parts.count() * THREADS, page.heads() * blocks, tables);
        grid.setLocalWork(THREADS, 1, 1);
        tasks.launch(name, grid);
    }

    /** Adds the task {@link #merge}, a work-group for each query head of each sequence. */
    public static void addMergeTo(TaskList tasks, String name, FloatArray partials, IntArray tokens,
            IntArray lateTokens, FloatArray out, PageGeometry page, Heads heads, int parts, int lateParts) {
        tasks.graph()
                .task(name, PagedAttention::merge, tasks.context(), partials, tokens, lateTokens, out,
                        heads.groupHeads(), page.headDim(), page.pageSize(), parts, lateParts);
        tasks.launch(name, Grids.line(tokens.getSize() * heads.groupHeads(), THREADS));
    }

    static void checkHeadDim(int headDim) {
        if (headDim % 4 != 0 || headDim > THREADS) {
            throw new IllegalArgumentException(
                    "head size %d: the TornadoVM attention takes multiples of 4 up to %d; use the vector engine"
                            .formatted(headDim, THREADS));
        }
    }

    /**
     * Writes the partial results of one list of each table. Local memory: {@code 4 * headDim + 12 * THREADS + 96}
     * floats and {@code TILE / pageSize} ints.
     *
     * @param q {@code [sequences][queryHeads][headDim]}
     * @param list {@code [tables][maxFrames]} frames in page order, all full but the last
     * @param tokens {@code [tables]} tokens in them; a table without tokens writes no record
     * @param partials receives {@code [sequences][queryHeads][totalParts][headDim + 2]}
     * @param queryHeads of a sequence, all groups
     * @param heads KV heads of a frame
     * @param firstPart where this list's parts begin among a record's {@code totalParts}
     * @param parts into how many parts a list is cut at most
     */
    public static void attend(KernelContext context, FloatArray q, FloatArray frames, IntArray list, IntArray tokens,
            FloatArray partials, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames,
            int firstPart, int parts, int totalParts) {
        int thread = context.localIdx;
        int part = context.groupIdx;
        int table = context.groupIdz;
        int groupHeads = queryHeads / groups;
        int shared = groupHeads / heads;
        int blocks = (shared + HEADS - 1) / HEADS;
        int head = context.groupIdy / blocks;
        // The last block may have fewer query heads: it attends for the last one several times, and writes it once.
        int firstHead = head * shared + context.groupIdy % blocks * HEADS;
        int blockHeads = Math.min(HEADS, (head + 1) * shared - firstHead);
        int wide = Math.min(HEADS, shared); // a constant, so what is not needed is not compiled
        int partTokens = Split.pagesPerPart(tokens.get(table), parts, pageSize) * pageSize;
        int first = part * partTokens;
        int end = Math.min(first + partTokens, tokens.get(table));
        int headAt = head * Frames.headElements(headDim, pageSize);
        float[] query = context.allocateFloatLocalArray(HEADS * headDim);
        float[] weights = context.allocateFloatLocalArray(HEADS * TILE);
        float[] scores = context.allocateFloatLocalArray(HEADS * PITCH);
        float[] largest = context.allocateFloatLocalArray(HEADS * SCANNERS);
        int[] pages = context.allocateIntLocalArray(TILE / 4); // where the head's values begin in each page of a tile
        float scale = 1 / TornadoMath.sqrt(headDim);
        int queryElements = first < end ? HEADS * headDim : 0;
        for (int i = thread; i < queryElements; i += THREADS) {
            int h = Math.min(i / headDim, blockHeads - 1);
            query[i] = q.get((table * groupHeads + firstHead + h) * headDim + i % headDim) * scale;
        }
        int slices = THREADS / headDim; // work-items that share a dimension when values are summed
        int slice = thread / headDim;
        float max0 = -1e30f;
        float max1 = -1e30f;
        float max2 = -1e30f;
        float max3 = -1e30f;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float acc0 = 0;
        float acc1 = 0;
        float acc2 = 0;
        float acc3 = 0;
        for (int tile = first; tile < end; tile += TILE) {
            int tileTokens = Math.min(TILE, end - tile);
            for (int i = thread; i < TILE / pageSize; i += THREADS) {
                if (i * pageSize < tileTokens) {
                    pages[i] = list.get(table * maxFrames + tile / pageSize + i)
                            * Frames.stride(heads, headDim, pageSize)
                            + headAt + Frames.valuesAt(headDim, pageSize);
                }
            }
            context.localBarrier();

            // Sums are written as a = a + b * c + …, which compiles to one fused multiply-add a product; a += b * c + …
            // would cost an addition more.
            // Scores: a work-item is two tokens; where there is no second, it reads the last one's key for nothing.
            float a0 = -1e30f;
            float a1 = -1e30f;
            float a2 = -1e30f;
            float a3 = -1e30f;
            float b0 = -1e30f;
            float b1 = -1e30f;
            float b2 = -1e30f;
            float b3 = -1e30f;
            if (thread < tileTokens) {
                int other = Math.min(thread + THREADS, tileTokens - 1);
                int keyA = pages[thread / pageSize] - Frames.valuesAt(headDim, pageSize) + thread % pageSize;
                int keyB = pages[other / pageSize] - Frames.valuesAt(headDim, pageSize) + other % pageSize;
                a0 = 0;
                a1 = 0;
                a2 = 0;
                a3 = 0;
                b0 = 0;
                b1 = 0;
                b2 = 0;
                b3 = 0;
                for (int d = 0; d < headDim; d += 4) {
                    int at = d * pageSize;
                    float ka0 = frames.get(keyA + at);
                    float ka1 = frames.get(keyA + at + pageSize);
                    float ka2 = frames.get(keyA + at + 2 * pageSize);
                    float ka3 = frames.get(keyA + at + 3 * pageSize);
                    float kb0 = frames.get(keyB + at);
                    float kb1 = frames.get(keyB + at + pageSize);
                    float kb2 = frames.get(keyB + at + 2 * pageSize);
                    float kb3 = frames.get(keyB + at + 3 * pageSize);
                    float q0 = query[d];
                    float q1 = query[d + 1];
                    float q2 = query[d + 2];
                    float q3 = query[d + 3];
                    a0 = a0 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                    b0 = b0 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    if (wide > 1) {
                        q0 = query[headDim + d];
                        q1 = query[headDim + d + 1];
                        q2 = query[headDim + d + 2];
                        q3 = query[headDim + d + 3];
                        a1 = a1 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b1 = b1 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                    if (wide > 2) {
                        q0 = query[2 * headDim + d];
                        q1 = query[2 * headDim + d + 1];
                        q2 = query[2 * headDim + d + 2];
                        q3 = query[2 * headDim + d + 3];
                        a2 = a2 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b2 = b2 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                    if (wide > 3) {
                        q0 = query[3 * headDim + d];
                        q1 = query[3 * headDim + d + 1];
                        q2 = query[3 * headDim + d + 2];
                        q3 = query[3 * headDim + d + 3];
                        a3 = a3 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b3 = b3 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                }
                if (thread + THREADS >= tileTokens) {
                    b0 = -1e30f;
                    b1 = -1e30f;
                    b2 = -1e30f;
                    b3 = -1e30f;
                }
            }

            // The largest score of each query head: eight work-items look through 16 each, then all through those.
            scores[thread] = Math.max(a0, b0);
            scores[PITCH + thread] = Math.max(a1, b1);
            scores[2 * PITCH + thread] = Math.max(a2, b2);
            scores[3 * PITCH + thread] = Math.max(a3, b3);
            context.localBarrier();
            if (thread < HEADS * SCANNERS) {
                float most = -1e30f;
                for (int i = 0; i < THREADS / SCANNERS; i++) {
                    most = Math.max(most, scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS]);
                }
                largest[thread] = most;
            }
            context.localBarrier();
            float new0 = max0;
            float new1 = max1;
            float new2 = max2;
            float new3 = max3;
            for (int i = 0; i < SCANNERS; i++) {
                new0 = Math.max(new0, largest[i]);
                new1 = Math.max(new1, largest[SCANNERS + i]);
                new2 = Math.max(new2, largest[2 * SCANNERS + i]);
                new3 = Math.max(new3, largest[3 * SCANNERS + i]);
            }

            // Weights relative to the largest score; what was summed before shrinks likewise.
            float shrink = TornadoMath.exp(max0 - new0);
            a0 = TornadoMath.exp(a0 - new0);
            b0 = TornadoMath.exp(b0 - new0);
            weights[thread] = a0;
            weights[THREADS + thread] = b0;
            sum0 = sum0 * shrink + a0 + b0;
            acc0 = acc0 * shrink;
            max0 = new0;
            if (wide > 1) {
                shrink = TornadoMath.exp(max1 - new1);
                a1 = TornadoMath.exp(a1 - new1);
                b1 = TornadoMath.exp(b1 - new1);
                weights[TILE + thread] = a1;
                weights[TILE + THREADS + thread] = b1;
                sum1 = sum1 * shrink + a1 + b1;
                acc1 = acc1 * shrink;
                max1 = new1;
            }
            if (wide > 2) {
                shrink = TornadoMath.exp(max2 - new2);
                a2 = TornadoMath.exp(a2 - new2);
                b2 = TornadoMath.exp(b2 - new2);
                weights[2 * TILE + thread] = a2;
                weights[2 * TILE + THREADS + thread] = b2;
                sum2 = sum2 * shrink + a2 + b2;
                acc2 = acc2 * shrink;
                max2 = new2;
            }
            if (wide > 3) {
                shrink = TornadoMath.exp(max3 - new3);
                a3 = TornadoMath.exp(a3 - new3);
                b3 = TornadoMath.exp(b3 - new3);
                weights[3 * TILE + thread] = a3;
                weights[3 * TILE + THREADS + thread] = b3;
                sum3 = sum3 * shrink + a3 + b3;
                acc3 = acc3 * shrink;
                max3 = new3;
            }
            context.localBarrier();

            // Values: a work-item is a dimension of every slices-th four tokens. Weights past the last token are zero,
            // but memory there may hold anything, so the last token is read again.
            if (slice < slices) {
                for (int t = slice * 4; t < tileTokens; t += slices * 4) {
                    int at = pages[t / pageSize] + t % pageSize * headDim + thread % headDim;
                    int more = tileTokens - 1 - t;
                    float v0 = frames.get(at);
                    float v1 = frames.get(at + Math.min(1, more) * headDim);
                    float v2 = frames.get(at + Math.min(2, more) * headDim);
                    float v3 = frames.get(at + Math.min(3, more) * headDim);
                    acc0 = acc0 + weights[t] * v0 + weights[t + 1] * v1 + weights[t + 2] * v2 + weights[t + 3] * v3;
                    if (wide > 1) {
                        acc1 = acc1 + weights[TILE + t] * v0 + weights[TILE + t + 1] * v1 + weights[TILE + t + 2] * v2
                                + weights[TILE + t + 3] * v3;
                    }
                    if (wide > 2) {
                        acc2 = acc2 + weights[2 * TILE + t] * v0 + weights[2 * TILE + t + 1] * v1
                                + weights[2 * TILE + t + 2] * v2 + weights[2 * TILE + t + 3] * v3;
                    }
                    if (wide > 3) {
                        acc3 = acc3 + weights[3 * TILE + t] * v0 + weights[3 * TILE + t + 1] * v1
                                + weights[3 * TILE + t + 2] * v2 + weights[3 * TILE + t + 3] * v3;
                    }
                }
            }
            context.localBarrier();
        }

        // Sums over work-items, in their order: of the weights, and of the slices of each dimension.
        scores[thread] = sum0;
        scores[PITCH + thread] = sum1;
        scores[2 * PITCH + thread] = sum2;
        scores[3 * PITCH + thread] = sum3;
        weights[thread] = acc0;
        weights[TILE + thread] = acc1;
        weights[2 * TILE + thread] = acc2;
        weights[3 * TILE + thread] = acc3;
        context.localBarrier();
        if (thread < HEADS * SCANNERS) {
            float total = 0;
            for (int i = 0; i < THREADS / SCANNERS; i++) {
                total += scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS];
            }
            largest[thread] = total;
        }
        context.localBarrier();
        int size = headDim + 2;
        int record = ((table * groupHeads + firstHead) * totalParts + firstPart + part) * size;
        int written = first < end ? blockHeads : 0; // a part without tokens has gone through the barriers for nothing
        for (int h = 0; h < written; h++) {
            if (thread < headDim) {
                float total = 0;
                for (int s = 0; s < slices; s++) {
                    total += weights[h * TILE + s * headDim + thread];
                }
                partials.set(record + h * totalParts * size + thread, total);
            }
            if (thread == 0) {
                float total = 0;
                for (int i = 0; i < SCANNERS; i++) {
                    total += largest[h * SCANNERS + i];
                }
                float max = h == 0 ? max0 : h == 1 ? max1 : h == 2 ? max2 : max3;
                partials.set(record + h * totalParts * size + headDim, max);
                partials.set(record + h * totalParts * size + headDim + 1, total);
            }
        }
    }

    /**
     * Merges the partial results of residents, in parts {@code 0 .. parts - 1}, and of late arrivals, in parts
     * {@code parts .. parts + lateParts - 1}, always in this order:
     * {@code out = sum_p exp(max_p - M) acc_p / sum_p exp(max_p - M) sum_p}, with {@code M} the largest maximum. No
     * tokens give zeros.
     *
     * @param tokens {@code [tables]} tokens in the residents' lists
     * @param lateTokens {@code [tables]} tokens in the late arrivals' lists; not read if {@code lateParts} is 0
     * @param out receives {@code [sequences][queryHeads][headDim]}
     */
    public static void merge(KernelContext context, FloatArray partials, IntArray tokens, IntArray lateTokens,
            FloatArray out, int groupHeads, int headDim, int pageSize, int parts, int lateParts) {
        int thread = context.localIdx;
        int row = context.groupIdx;
        int table = row / groupHeads;
        if (thread < headDim) {
            int used = Split.used(tokens.get(table), parts, pageSize);
            int lateUsed = 0;
            if (lateParts > 0) {
                lateUsed = Split.used(lateTokens.get(table), lateParts, pageSize);
            }
            int size = headDim + 2;
            int record = row * (parts + lateParts) * size;
            float max = -1e30f;
            for (int p = 0; p < used + lateUsed; p++) {
                int at = record + (p < used ? p : parts + p - used) * size;
                max = Math.max(max, partials.get(at + headDim));
            }
            float sum = 0;
            float acc = 0;
            for (int p = 0; p < used + lateUsed; p++) {
                int at = record + (p < used ? p : parts + p - used) * size;
                float weight = TornadoMath.exp(partials.get(at + headDim) - max);
                sum += weight * partials.get(at + headDim + 1);
                acc += weight * partials.get(at + thread);
            }
            out.set(row * headDim + thread, used + lateUsed > 0 ? acc / sum : 0f);
        }
    }

    /** One sequence, for three head sizes; {@link PagedAttentionHalf} too. */
    public static List<KernelSample> samples() {
        var parts = new Parts(0, 16, 20);
        List<KernelSample> samples = new ArrayList<>();
        for (int headDim : new int[]{64, 96, 128}) {
            int width = KernelSample.QUERY_HEADS * headDim;
            samples.addAll(FrameBuffer.samples("PagedAttention.d" + headDim, "PagedAttentionHalf.d" + headDim, headDim,
                    (a, frames) -> addTo(a.tasks(), KernelSample.TASK, a.floats(width), frames, a.ints(64), a.ints(1),
                            a.floats(partials(headDim, parts)), Heads.SAMPLE, parts)));
        }
        int headDim = KernelSample.HEAD_DIM;
        var page = new PageGeometry(KernelSample.PAGE_SIZE, KernelSample.KV_HEADS, headDim, KvType.F32);
        samples.add(KernelSample.of("PagedAttention.merge", a -> addMergeTo(a.tasks(), KernelSample.TASK,
                a.floats(partials(headDim, parts)), a.ints(1), a.ints(1),
                a.floats(KernelSample.QUERY_HEADS * headDim), page, Heads.SAMPLE, parts.count(),
                parts.total() - parts.count())));
        return samples;
    }

    private static int partials(int headDim, Parts parts) {
        return KernelSample.QUERY_HEADS * parts.total() * partialSize(headDim);
    }
}
