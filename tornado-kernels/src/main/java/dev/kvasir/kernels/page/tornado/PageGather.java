package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies frames into the slots of a staging array, which one transfer then copies to the host: the portable way to back
 * pages up. {@link PageScatter} copies the other way. Neighbouring work-items copy neighbouring elements, so every memory
 * transaction is full.
 */
public final class PageGather {
    private static final int THREADS = 256;

    private PageGather() {}

    /**
     * Adds the task, a work-item for each element of each slot.
     *
     * @param frame {@code [slots]}: as many slots are launched
     * @param staging of the type of {@code frames}
     */
    public static void addTo(TaskList tasks, String name, FrameBuffer frames, IntArray frame, FrameBuffer staging) {
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PageGather::gather, tasks.context(), floats.array(), frame,
                            ((Floats) staging).array(), frames.stride());
            case Halves halves -> tasks.graph()
                    .task(name, PageGather::gatherHalf, tasks.context(), halves.array(), frame,
                            ((Halves) staging).array(), frames.stride());
        }
        tasks.launch(name, grid(frame.getSize(), frames.stride()));
    }

    /** The launch, also of {@link PageScatter}. */
    static WorkerGrid grid(int slots, int frameStride) {
        return Grids.plane(Math.ceilDiv(frameStride, THREADS), slots, THREADS);
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

    /** Four pages. */
    public static List<KernelSample> samples() {
        return FrameBuffer.samples("PageGather", "PageGather.half", KernelSample.HEAD_DIM,
                (a, frames) -> addTo(a.tasks(), KernelSample.TASK, frames, a.ints(4),
                        FrameBuffer.sample(a, KernelSample.HEAD_DIM, frames.geometry().type())));
    }
}
