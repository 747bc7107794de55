package dev.kvasir.kernels.launch;

/**
 * A kernel together with arguments to compile it for: shapes are part of a compiled kernel.
 *
 * @param name class of the kernel, then what distinguishes it: {@code MatVec.q8_0}
 * @param needsHalf whether it works on half-precision arrays, which not every device has
 * @param setup makes the arguments
 */
public record KernelSample(String name, boolean needsHalf, Setup setup) {

    /** Adds the transfers and the one task of a sample. */
    @FunctionalInterface
    public interface Setup {
        /**
         * Adds the task {@link KernelSample#TASK} to an empty graph.
         *
         * @param half whether the device has 16-bit floats
         */
        void addTo(TaskList tasks, boolean half);
    }

    /** Name of the task in the sample's graph. */
    public static final String TASK = "kernel";
}
