package dev.kvasir.kernels.launch;

import java.util.Collection;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A kernel together with arguments to compile it for: shapes are part of a compiled kernel. Each kernel class lists its
 * samples and adds them by the same method that adds the kernel to the graphs of a model. The shapes are those of a model
 * of a thousand million weights.
 *
 * @param name class of the kernel, then its variant: {@code MatVec.q8_0}
 * @param needsHalf whether it works on half-precision arrays, which not every device has
 * @param setup makes the arguments and adds the task
 */
public record KernelSample(String name, boolean needsHalf, Setup setup) {
    /** Name of the task in the sample's graph. */
    public static final String TASK = "kernel";

    public static final int HIDDEN = 2048;
    public static final int FEED_FORWARD = 8192;
    public static final int QUERY_HEADS = 32;
    public static final int KV_HEADS = 8;
    public static final int HEAD_DIM = 64;
    public static final int PAGE_SIZE = 32;
    public static final int VOCABULARY = 128_256;

    /** Adds one task, {@link KernelSample#TASK}. */
    @FunctionalInterface
    public interface Setup {
        void addTo(Arguments arguments);
    }

    /** A sample that every device compiles. */
    public static KernelSample of(String name, Setup setup) {
        return new KernelSample(name, false, setup);
    }

    /** A sample for devices with half-precision arrays. */
    public static KernelSample ofHalf(String name, Setup setup) {
        return new KernelSample(name, true, setup);
    }

    /**
     * Adds the sample's transfers and its one task to an empty graph.
     *
     * @param half whether the device has 16-bit floats
     */
    public void addTo(TaskList tasks, boolean half) {
        setup.addTo(new Arguments(tasks, half));
    }

    /**
     * Makes the arrays of a sample. The graph uploads each of them.
     *
     * @param half whether the device has 16-bit floats
     */
    public record Arguments(TaskList tasks, boolean half) {

        /** {@code size} zeros. */
        public FloatArray floats(int size) {
            return uploaded(new FloatArray(size));
        }

        /** {@code size} zeros. */
        public HalfFloatArray halves(int size) {
            return uploaded(new HalfFloatArray(size));
        }

        /** {@code size} zeros. */
        public IntArray ints(int size) {
            return uploaded(new IntArray(size));
        }

        /** Uploads arrays made elsewhere. */
        public void upload(Collection<?> arrays) {
            arrays.forEach(this::uploaded);
        }

        private <T> T uploaded(T array) {
            tasks.graph().transferToDevice(DataTransferMode.FIRST_EXECUTION, array);
            return array;
        }
    }
}
