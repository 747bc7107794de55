package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Writes the keys and values of new tokens into frames, with the same bytes as the scalar reference. Two kernels:
 *
 * <ul>
 * <li>{@link #append}: each row of {@code k} and {@code v} is a token with a frame and slot of its own, as in a decode
 * step of many sequences. One work-item writes one element of a key and of a value. Neighbouring work-items write keys
 * {@code pageSize} elements apart, each into a memory sector of its own, because a single token fills no sector.
 * <li>{@link #appendRun}: the rows are consecutive tokens of one sequence, as in a prompt. One work-group takes one page
 * and head, and transposes the keys in local memory, so that both the reads (dimensions innermost) and the writes (tokens
 * innermost) of neighbouring work-items are neighbours in memory.
 * </ul>
 */
public final class PageAppend {
    /** Work-items of a group. */
    private static final int THREADS = 128;
    /** Dimensions that are transposed at a time. */
    private static final int TILE = 32;

    private PageAppend() {}

    /**
     * Adds the task {@link #append}, a work-item for each element of a row.
     *
     * @param slot {@code [rows]}: as many rows are launched
     */
    public static void addTo(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray frame, IntArray slot,
            FrameBuffer frames) {
        int rows = slot.getSize();
        int groups = frame.getSize() / rows;
        var page = frames.geometry();
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PageAppend::append, tasks.context(), k, v, frame, slot, floats.array(), groups,
                            page.heads(), page.headDim(), page.pageSize());
            case Halves halves -> tasks.graph()
                    .task(name, PageAppend::appendHalf, tasks.context(), k, v, frame, slot, halves.array(), groups,
                            page.heads(), page.headDim(), page.pageSize());
        }
        int elements = groups * page.heads() * page.headDim();
        tasks.launch(name, Grids.plane(Math.ceilDiv(elements, THREADS), rows, THREADS));
    }

    /**
     * Appends one token a row.
     *
     * @param k {@code [rows][groups][heads][headDim]}, post-RoPE
     * @param v as {@code k}
     * @param frame {@code [rows][groups]} the frame to write; below 0: nothing is written
     * @param slot {@code [rows]} the slot in each of them
     * @param frames receives the keys and values
     */
    public static void append(KernelContext context, FloatArray k, FloatArray v, IntArray frame, IntArray slot,
            FloatArray frames, int groups, int heads, int headDim, int pageSize) {
        int element = context.globalIdx;
        int row = context.globalIdy;
        int elements = groups * heads * headDim;
        if (element < elements) {
            int group = element / (heads * headDim);
            int target = frame.get(row * groups + group);
            if (target >= 0) {
                int head = element / headDim % heads;
                int d = element % headDim;
                int at = target * Frames.stride(heads, headDim, pageSize)
                        + head * Frames.headElements(headDim, pageSize);
                int t = slot.get(row);
                frames.set(at + d * pageSize + t, k.get(row * elements + element));
                frames.set(at + Frames.valuesAt(headDim, pageSize) + t * headDim + d,
                        v.get(row * elements + element));
            }
        }
    }

    /**
     * {@link #append} into half-precision frames, rounded to nearest. TornadoVM recognises a half made of a local variable
     * and stored at once, not one made of an expression.
     */
    public static void appendHalf(KernelContext context, FloatArray k, FloatArray v, IntArray frame, IntArray slot,
            HalfFloatArray frames, int groups, int heads, int headDim, int pageSize) {
        int element = context.globalIdx;
        int row = context.globalIdy;
        int elements = groups * heads * headDim;
        if (element < elements) {
            int group = element / (heads * headDim);
            int target = frame.get(row * groups + group);
            if (target >= 0) {
                int head = element / headDim % heads;
                int d = element % headDim;
                int at = target * Frames.halfStride(heads, headDim, pageSize)
                        + head * Frames.headElements(headDim, pageSize);
                int t = slot.get(row);
                float key = k.get(row * elements + element);
                float value = v.get(row * elements + element);
                frames.set(at + d * pageSize + t, new HalfFloat(key));
                frames.set(at + Frames.valuesAt(headDim, pageSize) + t * headDim + d, new HalfFloat(value));
            }
        }
    }

    /**
     * Adds the task {@link #appendRun} for runs of up to {@code maxTokens}: a work-group for each page that a run can
     * touch, and each head of each group.
     */
    public static void addRunTo(TaskList tasks, String name, FloatArray k, FloatArray v, IntArray run, IntArray list,
            FrameBuffer frames, int groups, int maxTokens) {
        int maxFrames = list.getSize() / groups;
        var page = frames.geometry();
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PageAppend::appendRun, tasks.context(), k, v, run, list, floats.array(), groups,
                            page.heads(), page.headDim(), page.pageSize(), maxFrames);
            case Halves halves -> tasks.graph()
                    .task(name, PageAppend::appendRunHalf, tasks.context(), k, v, run, list, halves.array(), groups,
                            page.heads(), page.headDim(), page.pageSize(), maxFrames);
        }
        int pages = (maxTokens + page.pageSize() - 2) / page.pageSize() + 1; // a run may begin in the last slot of a page
        tasks.launch(name, Grids.plane(pages, groups * page.heads(), THREADS));
    }

    /**
     * Appends consecutive tokens of one sequence. Local memory: {@code TILE * (pageSize + 1)} floats.
     *
     * @param k {@code [tokens][groups][heads][headDim]}, post-RoPE
     * @param v as {@code k}
     * @param run {@code {position of the first token, tokens}}
     * @param list {@code [groups][maxFrames]} the frames of each group in page order, from page 0
     * @param frames receives the keys and values
     */
    public static void appendRun(KernelContext context, FloatArray k, FloatArray v, IntArray run, IntArray list,
            FloatArray frames, int groups, int heads, int headDim, int pageSize, int maxFrames) {
        int thread = context.localIdx;
        int kvHead = context.groupIdy;
        int position = run.get(0);
        int page = position / pageSize + context.groupIdx;
        int firstSlot = Math.max(position - page * pageSize, 0);
        int endSlot = Math.min(position + run.get(1) - page * pageSize, pageSize);
        float[] tile = context.allocateFloatLocalArray(TILE * (pageSize + 1)); // one more: columns in different banks
        int width = groups * heads * headDim;
        int slots = Math.max(endSlot - firstSlot, 0); // none if the run ended before this page
        // Of element (slot, d): from + slot * width + d. Negative for slots before the run, which are not read.
        int from = (page * pageSize - position) * width + kvHead * headDim;
        int at = list.get(kvHead / heads * maxFrames + Math.min(page, maxFrames - 1))
                * Frames.stride(heads, headDim, pageSize)
                + kvHead % heads * Frames.headElements(headDim, pageSize);
        int turned = slots > 0 ? headDim : 0;
        for (int first = 0; first < turned; first += TILE) {
            int dims = Math.min(TILE, headDim - first);
            for (int i = thread; i < slots * TILE; i += THREADS) {
                int t = firstSlot + i / TILE;
                int d = i % TILE;
                if (d < dims) {
                    tile[d * (pageSize + 1) + t] = k.get(from + t * width + first + d);
                }
            }
            context.localBarrier();
            for (int i = thread; i < dims * pageSize; i += THREADS) {
                int t = i % pageSize;
                int d = i / pageSize;
                if (t >= firstSlot && t < endSlot) {
                    frames.set(at + (first + d) * pageSize + t, tile[d * (pageSize + 1) + t]);
                }
            }
            context.localBarrier();
        }
        int values = at + Frames.valuesAt(headDim, pageSize);
        for (int i = thread; i < slots * headDim; i += THREADS) {
            int t = firstSlot + i / headDim;
            int d = i % headDim;
            frames.set(values + t * headDim + d, v.get(from + t * width + d));
        }
    }

    /** {@link #appendRun} into half-precision frames, rounded to nearest. */
    public static void appendRunHalf(KernelContext context, FloatArray k, FloatArray v, IntArray run, IntArray list,
            HalfFloatArray frames, int groups, int heads, int headDim, int pageSize, int maxFrames) {
        int thread = context.localIdx;
        int kvHead = context.groupIdy;
        int position = run.get(0);
        int page = position / pageSize + context.groupIdx;
        int firstSlot = Math.max(position - page * pageSize, 0);
        int endSlot = Math.min(position + run.get(1) - page * pageSize, pageSize);
        float[] tile = context.allocateFloatLocalArray(TILE * (pageSize + 1));
        int width = groups * heads * headDim;
        int slots = Math.max(endSlot - firstSlot, 0); // none if the run ended before this page
        int from = (page * pageSize - position) * width + kvHead * headDim;
        int at = list.get(kvHead / heads * maxFrames + Math.min(page, maxFrames - 1))
                * Frames.halfStride(heads, headDim, pageSize)
                + kvHead % heads * Frames.headElements(headDim, pageSize);
        int turned = slots > 0 ? headDim : 0;
        for (int first = 0; first < turned; first += TILE) {
            int dims = Math.min(TILE, headDim - first);
            for (int i = thread; i < slots * TILE; i += THREADS) {
                int t = firstSlot + i / TILE;
                int d = i % TILE;
                if (d < dims) {
                    tile[d * (pageSize + 1) + t] = k.get(from + t * width + first + d);
                }
            }
            context.localBarrier();
            for (int i = thread; i < dims * pageSize; i += THREADS) {
                int t = i % pageSize;
                int d = i / pageSize;
                if (t >= firstSlot && t < endSlot) {
                    float key = tile[d * (pageSize + 1) + t];
                    frames.set(at + (first + d) * pageSize + t, new HalfFloat(key));
                }
            }
            context.localBarrier();
        }
        int values = at + Frames.valuesAt(headDim, pageSize);
        for (int i = thread; i < slots * headDim; i += THREADS) {
            int t = firstSlot + i / headDim;
            int d = i % headDim;
            float value = v.get(from + t * width + d);
            frames.set(values + t * headDim + d, new HalfFloat(value));
        }
    }

    /** One token, and a run of 16. */
    public static List<KernelSample> samples() {
        int width = KernelSample.KV_HEADS * KernelSample.HEAD_DIM;
        var samples = new ArrayList<>(FrameBuffer.samples("PageAppend", "PageAppend.half", KernelSample.HEAD_DIM,
                (a, frames) -> addTo(a.tasks(), KernelSample.TASK, a.floats(width), a.floats(width), a.ints(1),
                        a.ints(1), frames)));
        samples.addAll(FrameBuffer.samples("PageAppend.run", "PageAppend.runHalf", KernelSample.HEAD_DIM,
                (a, frames) -> addRunTo(a.tasks(), KernelSample.TASK, a.floats(16 * width), a.floats(16 * width),
                        a.ints(2), a.ints(64), frames, 1, 16)));
        return samples;
    }
}
