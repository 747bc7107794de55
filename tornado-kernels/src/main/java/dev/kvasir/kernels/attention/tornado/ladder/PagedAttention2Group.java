package dev.kvasir.kernels.attention.tornado.ladder;

import dev.kvasir.kernels.attention.tornado.PagedAttention;
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
 * Paged attention, step 2 of 4: one work-group attends for one query head.
 *
 * <p>A work-item has two roles. For a tile of {@code THREADS} tokens it first takes one token and computes its score. Keys
 * are stored with tokens innermost, so neighbouring work-items read one run of memory. The weights go to local memory.
 * Then the work-item takes one dimension and sums over the tokens. Values are stored with dimensions innermost, so
 * neighbours again read one run, and the sum stays in a register until the end. A tree over local memory finds the largest
 * score of a tile. The sum of the weights needs a tree only at the end, because each work-item keeps that of its tokens.
 *
 * <p>Gain over {@link PagedAttention1Naive}: every byte that memory delivers is used, and 128 times as many reads are in
 * flight. Its limits: 32 heads keep 32 of 108 multiprocessors busy, and query heads that share a KV head each read it
 * again. Local memory: {@code headDim + 2 * THREADS} floats.
 */
public final class PagedAttention2Group {
    private static final int THREADS = PagedAttention.THREADS;

    private PagedAttention2Group() {}

    /** Adds the task, a work-group for each query head of each sequence. */
    public static void addTo(TaskList tasks, String name, FloatArray q, Floats frames, IntArray list, IntArray tokens,
            FloatArray out, Heads heads) {
        var page = frames.geometry();
        tasks.graph()
                .task(name, PagedAttention2Group::attend, tasks.context(), q, frames.array(), list, tokens, out,
                        heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                        list.getSize() / tokens.getSize());
        tasks.launch(name, Grids.line(tokens.getSize() * heads.groupHeads(), THREADS));
    }

    /** Attends one list; arguments as {@link PagedAttention1Naive#attend}. */
    public static void attend(KernelContext context, FloatArray q, FloatArray frames, IntArray list, IntArray tokens,
            FloatArray out, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames) {
        int thread = context.localIdx;
        int row = context.groupIdx;
        int groupHeads = queryHeads / groups;
        int table = row / groupHeads;
        int head = row % groupHeads / (groupHeads / heads);
        int count = tokens.get(table);
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
        for (int tile = 0; tile < count; tile += THREADS) {
            int t = tile + thread;
            float score = -1e30f;
            if (t < count) {
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
                int tileTokens = Math.min(THREADS, count - tile);
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
        if (thread < headDim) {
            out.set(row * headDim + thread, count > 0 ? acc / tree[0] : 0f);
        }
    }

    /** One sequence. */
    public static List<KernelSample> samples() {
        int width = KernelSample.QUERY_HEADS * KernelSample.HEAD_DIM;
        return List.of(KernelSample.of("PagedAttention2Group", a -> addTo(a.tasks(), KernelSample.TASK, a.floats(width),
                Floats.sample(a), a.ints(64), a.ints(1), a.floats(width), Heads.SAMPLE)));
    }
}
