package dev.kvasir.kernels.attention.tornado.ladder;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
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
 * Causal attention, step 1 of 2: one work-item attends for one query and head, with an online softmax as in
 * {@link PagedAttention1Naive}.
 *
 * <p>A prompt has enough work-items to fill a device. Its limit: each work-item reads all keys and values before its own
 * position alone, and uses each number that it reads for one multiplication.
 */
public final class CausalAttention1Naive {
    private static final int THREADS = 64;

    private CausalAttention1Naive() {}

    /** Adds the task for runs of up to {@code maxTokens}, a work-item for each query head of each token. */
    public static void addTo(TaskList tasks, String name, FloatArray q, Floats frames, IntArray list, IntArray run,
            FloatArray out, Heads heads, int maxTokens) {
        var page = frames.geometry();
        tasks.graph()
                .task(name, CausalAttention1Naive::attend, tasks.context(), q, frames.array(), list, run, out,
                        heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                        list.getSize() / heads.groups());
        tasks.launch(name, Grids.line(Math.ceilDiv(maxTokens * heads.queryHeads(), THREADS), THREADS));
    }

    /** As {@link CausalAttention#attend}. */
    public static void attend(KernelContext context, FloatArray q, FloatArray frames, IntArray list, IntArray run,
            FloatArray out, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames) {
        int row = context.globalIdx;
        if (row < run.get(1) * queryHeads) {
            int kvHead = row % queryHeads / (queryHeads / (groups * heads));
            int seen = run.get(0) + row / queryHeads + 1;
            float scale = 1 / TornadoMath.sqrt(headDim);
            float max = -1e30f;
            float sum = 0;
            for (int d = 0; d < headDim; d++) {
                out.set(row * headDim + d, 0f);
            }
            for (int t = 0; t < seen; t++) {
                int slot = t % pageSize;
                int at = list.get(kvHead / heads * maxFrames + t / pageSize) * Frames.stride(heads, headDim, pageSize)
                        + kvHead % heads * Frames.headElements(headDim, pageSize);
                float score = 0;
                for (int d = 0; d < headDim; d++) {
                    score += q.get(row * headDim + d) * frames.get(at + d * pageSize + slot);
                }
                score = score * scale;
                float newMax = Math.max(max, score);
                float shrink = TornadoMath.exp(max - newMax);
                float weight = TornadoMath.exp(score - newMax);
                max = newMax;
                sum = sum * shrink + weight;
                int value = at + Frames.valuesAt(headDim, pageSize) + slot * headDim;
                for (int d = 0; d < headDim; d++) {
                    out.set(row * headDim + d, out.get(row * headDim + d) * shrink + weight * frames.get(value + d));
                }
            }
            for (int d = 0; d < headDim; d++) {
                out.set(row * headDim + d, out.get(row * headDim + d) / sum);
            }
        }
    }

    /** A run of 16 tokens. */
    public static List<KernelSample> samples() {
        int elements = 16 * KernelSample.QUERY_HEADS * KernelSample.HEAD_DIM;
        return List.of(KernelSample.of("CausalAttention1Naive", a -> addTo(a.tasks(), KernelSample.TASK,
                a.floats(elements), Floats.sample(a), a.ints(64), a.ints(2), a.floats(elements), Heads.SAMPLE, 16)));
    }
}
