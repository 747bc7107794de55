package dev.kvasir.kernels.attention.tornado.ladder;

import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.Parts;
import dev.kvasir.kernels.attention.tornado.Split;
import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.Frames;
import dev.kvasir.kernels.page.tornado.Heads;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Paged attention, step 3 of 4: several work-groups attend parts of the list for one query head (split-K).
 *
 * <p>The softmax over a list follows from the softmax over each part of it, if each part also returns its largest score
 * and its sum. So the list is cut into parts, each part is attended as in {@link PagedAttention2Group}, and
 * {@link PagedAttention#merge} joins the partial results by log-sum-exp, in the order of the parts.
 *
 * <p>Gain: one sequence with 32 heads fills the device, and a long list takes no more time than a short one as long as
 * multiprocessors are idle. Its limit: query heads that share a KV head each read it again. Local memory:
 * {@code headDim + 2 * THREADS} floats.
 */
public final class PagedAttention3Split {
    private static final int THREADS = PagedAttention.THREADS;

    private PagedAttention3Split() {}

    /** Adds the task, a work-group for each part and each query head of each sequence. */
    public static void addTo(TaskList tasks, String name, FloatArray q, Floats frames, IntArray list, IntArray tokens,
            FloatArray partials, Heads heads, Parts parts) {
        var page = frames.geometry();
        tasks.graph()
                .task(name, PagedAttention3Split::attend, tasks.context(), q, frames.array(), list, tokens, partials,
                        heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                        list.getSize() / tokens.getSize(), parts.first(), parts.count(), parts.total());
        tasks.launch(name, Grids.plane(parts.count(), tokens.getSize() * heads.groupHeads(), THREADS));
    }

    /** Attends one list, in parts {@code firstPart ..}; arguments as {@link PagedAttention#attend}. */
    public static void attend(KernelContext context, FloatArray q, FloatArray frames, IntArray list, IntArray tokens,
            FloatArray partials, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames,
            int firstPart, int parts, int totalParts) {
        int thread = context.localIdx;
        int part = context.groupIdx;
        int row = context.groupIdy;
        int groupHeads = queryHeads / groups;
        int table = row / groupHeads;
        int head = row % groupHeads / (groupHeads / heads);
        int partTokens = Split.pagesPerPart(tokens.get(table), parts, pageSize) * pageSize;
        int first = part * partTokens;
        int end = Math.min(first + partTokens, tokens.get(table));
        int stride = Frames.stride(heads, headDim, pageSize);
        int headAt = head * Frames.headElements(headDim, pageSize);
        float[] query = context.allocateFloatLocalArray(headDim);
        float[] weights = context.allocateFloatLocalArray(THREADS);
        float[] tree = context.allocateFloatLocalArray(THREADS);
        float scale = 1 / TornadoMath.sqrt(headDim);
        for (int d = thread; d < headDim; d += THREADS) {
            query[d] = q.get(row * headDim + d) * scale;
        }
        context.localBarrier();
        float max = -1e30f;
        float sum = 0; // of the weights of this work-item's tokens
        float acc = 0; // of this work-item's dimension
        for (int tile = first; tile < end; tile += THREADS) {
            int t = tile + thread;
            float score = -1e30f;
            if (t < end) {
                int key = list.get(table * maxFrames + t / pageSize) * stride + headAt + t % pageSize;
                score = 0;
                for (int d = 0; d < headDim; d++) {
                    score += query[d] * frames.get(key + d * pageSize);
                }
            }
            tree[thread] = score;
            context.localBarrier();
            for (int half = THREADS / 2; half > 0; half = half / 2) {
                if (thread < half) {
                    tree[thread] = Math.max(tree[thread], tree[thread + half]);
                }
                context.localBarrier();
            }
            float newMax = Math.max(max, tree[0]);
            float shrink = TornadoMath.exp(max - newMax);
            float weight = TornadoMath.exp(score - newMax);
            max = newMax;
            sum = sum * shrink + weight;
            weights[thread] = weight;
            context.localBarrier();
            if (thread < headDim) {
                acc = acc * shrink;
                int tileTokens = Math.min(THREADS, end - tile);
                for (int i = 0; i < tileTokens; i++) {
                    int value = list.get(table * maxFrames + (tile + i) / pageSize) * stride + headAt
                            + Frames.valuesAt(headDim, pageSize) + (tile + i) % pageSize * headDim;
                    acc += weights[i] * frames.get(value + thread);
                }
            }
            context.localBarrier();
        }
        tree[thread] = sum;
        context.localBarrier();
        for (int half = THREADS / 2; half > 0; half = half / 2) {
            if (thread < half) {
                tree[thread] += tree[thread + half];
            }
            context.localBarrier();
        }
        int record = (row * totalParts + firstPart + part) * PagedAttention.partialSize(headDim);
        if (thread < headDim && first < end) {
            partials.set(record + thread, acc);
        }
        if (thread == 0 && first < end) {
            partials.set(record + headDim, max);
            partials.set(record + headDim + 1, tree[0]);
        }
    }

    /** One sequence. */
    public static List<KernelSample> samples() {
        int heads = KernelSample.QUERY_HEADS;
        int headDim = KernelSample.HEAD_DIM;
        var parts = new Parts(0, 16, 20);
        return List.of(KernelSample.of("PagedAttention3Split", a -> addTo(a.tasks(), KernelSample.TASK,
                a.floats(heads * headDim), Floats.sample(a), a.ints(64), a.ints(1),
                a.floats(heads * parts.total() * PagedAttention.partialSize(headDim)), Heads.SAMPLE, parts)));
    }
}
