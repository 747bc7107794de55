package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies the slots of a staging array, which the host has just filled, into frames: the portable way to recall pages.
 * {@link PageGather} copies the other way.
 */
public final class PageScatter {
    private PageScatter() {}

    /**
     * Adds the task, a work-item for each element of each slot.
     *
     * @param staging of the type of {@code frames}
     * @param frame {@code [slots]}: as many slots are launched
     */
    public static void addTo(TaskList tasks, String name, FrameBuffer staging, IntArray frame, FrameBuffer frames) {
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PageScatter::scatter, tasks.context(), ((Floats) staging).array(), frame,
                            floats.array(), frames.stride());
            case Halves halves -> tasks.graph()
                    .task(name, PageScatter::scatterHalf, tasks.context(), ((Halves) staging).array(), frame,
                            halves.array(), frames.stride());
        }
        tasks.launch(name, PageGather.grid(frame.getSize(), frames.stride()));
    }

    /**
     * Copies {@code frames[frame[s]] = staging[s]}, padding included.
     *
     * @param staging {@code [slots][frameStride]}
     * @param frame {@code [slots]} the frame that receives each slot; below 0: none. No frame is listed twice.
     * @param frameStride elements from one frame to the next
     */
    public static void scatter(KernelContext context, FloatArray staging, IntArray frame, FloatArray frames,
            int frameStride) {
        int element = context.globalIdx;
        int slot = context.globalIdy;
        int target = frame.get(slot);
        if (element < frameStride && target >= 0) {
            frames.set(target * frameStride + element, staging.get(slot * frameStride + element));
        }
    }

    /** {@link #scatter} into half-precision frames. */
    public static void scatterHalf(KernelContext context, HalfFloatArray staging, IntArray frame,
            HalfFloatArray frames, int frameStride) {
        int element = context.globalIdx;
        int slot = context.globalIdy;
        int target = frame.get(slot);
        if (element < frameStride && target >= 0) {
            frames.set(target * frameStride + element, staging.get(slot * frameStride + element));
        }
    }

    /** Four pages. */
    public static List<KernelSample> samples() {
        return FrameBuffer.samples("PageScatter", "PageScatter.half", KernelSample.HEAD_DIM,
                (a, frames) -> addTo(a.tasks(), KernelSample.TASK,
                        FrameBuffer.sample(a, KernelSample.HEAD_DIM, frames.geometry().type()), a.ints(4), frames));
    }
}
