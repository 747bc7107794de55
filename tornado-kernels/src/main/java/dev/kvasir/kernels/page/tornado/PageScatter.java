package dev.kvasir.kernels.page.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies the slots of a staging array, just come from the host, into frames: the portable way to recall pages.
 * {@link PageGather} is the way out, and has the launch shape of both.
 */
public final class PageScatter {
    private PageScatter() {}

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
}
