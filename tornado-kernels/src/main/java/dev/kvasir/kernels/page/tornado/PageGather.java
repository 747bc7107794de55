package dev.kvasir.kernels.page.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies frames into the slots of a staging array, from where one transfer takes them to the host: the portable way to
 * back pages up. {@link PageScatter} is the way back. Neighbouring work-items copy neighbouring elements, so every
 * memory transaction is full.
 */
public final class PageGather {
    private static final int THREADS = 256;

    private PageGather() {}

    /** The launch for so many staging slots, also of {@link PageScatter}: a work-item for each element of each slot. */
    public static WorkerGrid grid(int slots, int frameStride) {
        var grid = new WorkerGrid2D(Frames.roundUp(frameStride, THREADS), slots);
        grid.setLocalWork(THREADS, 1, 1);
        return grid;
    }

    /**
     * Copies {@code staging[s] = frames[frame[s]]}, padding included.
     *
     * @param frame {@code [slots]} the frame to copy into each slot; below 0: the slot is left as it is
     * @param staging receives {@code [slots][frameStride]}
     * @param frameStride elements from one frame to the next
     */
    public static void gather(KernelContext context, FloatArray frames, IntArray frame, FloatArray staging,
            int frameStride) {
        int element = context.globalIdx;
        int slot = context.globalIdy;
        int source = frame.get(slot);
        if (element < frameStride && source >= 0) {
            staging.set(slot * frameStride + element, frames.get(source * frameStride + element));
        }
    }

    /** {@link #gather} of half-precision frames. */
    public static void gatherHalf(KernelContext context, HalfFloatArray frames, IntArray frame,
            HalfFloatArray staging, int frameStride) {
        int element = context.globalIdx;
        int slot = context.globalIdy;
        int source = frame.get(slot);
        if (element < frameStride && source >= 0) {
            staging.set(slot * frameStride + element, frames.get(source * frameStride + element));
        }
    }
}
