package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.List;
import java.util.function.BiConsumer;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A device array of frames, one after the other as in a {@link FrameArray}: of 32-bit floats or of halves. A page kernel
 * exists once for each of the two types, and its {@code addTo} method chooses by the type of the frames.
 */
public sealed interface FrameBuffer {

    /** Frames of 32-bit floats. */
    record Floats(PageGeometry geometry, FloatArray array) implements FrameBuffer {

        /** The frames of a sample. */
        public static Floats sample(KernelSample.Arguments arguments) {
            return (Floats) FrameBuffer.sample(arguments, KernelSample.HEAD_DIM, KvType.F32);
        }
    }

    /** Frames of halves. */
    record Halves(PageGeometry geometry, HalfFloatArray array) implements FrameBuffer {}

    /** The shape of a frame. */
    PageGeometry geometry();

    /** The frames, as kernels take them. */
    TornadoNativeArray array();

    /**
     * Room for frames of one shape, on the host and the device.
     *
     * @throws IllegalArgumentException if the type has no device kernels, or if an array cannot hold the frames
     */
    static FrameBuffer of(PageGeometry geometry, int frames) {
        long elements = (long) frames * stride(geometry);
        if (elements > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "%d frames of %d %d-bit elements are more than the %d of a device array: make the cache smaller"
                            .formatted(frames, stride(geometry), 8 * geometry.type().bytes(), Integer.MAX_VALUE - 64));
        }
        return switch (geometry.type()) {
            case F32 -> new Floats(geometry, new FloatArray((int) elements));
            case F16 -> new Halves(geometry, new HalfFloatArray((int) elements));
            case BF16 -> throw new IllegalArgumentException(
                    "bf16 pages have no TornadoVM kernels: choose f16, or f32 where the device has no half precision");
        };
    }

    /** Elements from one frame to the next. */
    default int stride() {
        return stride(geometry());
    }

    private static int stride(PageGeometry geometry) {
        return Math.toIntExact(FrameArray.stride(geometry) / geometry.type().bytes());
    }

    /** Samples of a page kernel for heads of {@code headDim} elements, over frames of floats and of halves. */
    static List<KernelSample> samples(String name, String halfName, int headDim,
            BiConsumer<KernelSample.Arguments, FrameBuffer> setup) {
        return List.of(KernelSample.of(name, a -> setup.accept(a, sample(a, headDim, KvType.F32))),
                KernelSample.ofHalf(halfName, a -> setup.accept(a, sample(a, headDim, KvType.F16))));
    }

    /** The four frames of a sample: a kernel is the same for any number of frames. */
    static FrameBuffer sample(KernelSample.Arguments arguments, int headDim, KvType type) {
        var frames = of(new PageGeometry(KernelSample.PAGE_SIZE, KernelSample.KV_HEADS, headDim, type), 4);
        arguments.upload(List.of(frames.array()));
        return frames;
    }
}
