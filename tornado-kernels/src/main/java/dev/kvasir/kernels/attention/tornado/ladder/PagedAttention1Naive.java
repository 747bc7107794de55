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
 * Paged attention, step 1 of 4: one work-item attends for one query head, as a scalar program would.
 *
 * <p>It goes over the tokens once with an online softmax. With the largest score {@code m} so far, {@code sum} and
 * {@code out} are relative to {@code exp(m)}; a larger score {@code m'} scales both by {@code exp(m - m')}.
 *
 * <p>Its limits: 32 heads are 32 work-items on a device that runs 200,000. Each work-item reads its keys and values
 * alone, so it uses 4 bytes of every 32-byte sector. {@code out} goes to memory and back for every token.
 */
public final class PagedAttention1Naive {
    private static final int THREADS = 32;

    private PagedAttention1Naive() {}

    /** Adds the task, a work-item for each query head of each sequence. */
    public static void addTo(TaskList tasks, String name, FloatArray q, Floats frames, IntArray list, IntArray tokens,
            FloatArray out, Heads heads) {
        var page = frames.geometry();
        tasks.graph()
                .task(name, PagedAttention1Naive::attend, tasks.context(), q, frames.array(), list, tokens, out,
                        heads.groups(), heads.queryHeads(), page.heads(), page.headDim(), page.pageSize(),
                        list.getSize() / tokens.getSize());
        tasks.launch(name, Grids.line(Math.ceilDiv(tokens.getSize() * heads.groupHeads(), THREADS), THREADS));
    }

    /**
     * Attends one list; arguments as {@link PagedAttention#attend}.
     *
     * @param out receives {@code [sequences][queryHeads][headDim]}; zeros where a list is empty
     */
    public static void attend(KernelContext context, FloatArray q, FloatArray frames, IntArray list, IntArray tokens,
            FloatArray out, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames) {
        int row = context.globalIdx;
        int groupHeads = queryHeads / groups;
        if (row < tokens.getSize() * groupHeads) {
            int table = row / groupHeads;
            int head = row % groupHeads / (groupHeads / heads);
            int count = tokens.get(table);
            float scale = 1 / TornadoMath.sqrt(headDim);
            float max = -1e30f;
            float sum = 0;
            for (int d = 0; d < headDim; d++) {
                out.set(row * headDim + d, 0f);
            }
            for (int t = 0; t < count; t++) {
                int slot = t % pageSize;
                int at = list.get(table * maxFrames + t / pageSize) * Frames.stride(heads, headDim, pageSize)
                        + head * Frames.headElements(headDim, pageSize);
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
            if (count > 0) {
                for (int d = 0; d < headDim; d++) {
                    out.set(row * headDim + d, out.get(row * headDim + d) / sum);
                }
            }
        }
    }

    /** One sequence. */
    public static List<KernelSample> samples() {
        int width = KernelSample.QUERY_HEADS * KernelSample.HEAD_DIM;
        return List.of(KernelSample.of("PagedAttention1Naive", a -> addTo(a.tasks(), KernelSample.TASK, a.floats(width),
                Floats.sample(a), a.ints(64), a.ints(1), a.floats(width), Heads.SAMPLE)));
    }
}
