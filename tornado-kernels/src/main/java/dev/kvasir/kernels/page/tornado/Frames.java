package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;

/**
 * Offsets in an array of frames, counted in elements: the layout of {@link PageGeometry}. TornadoVM inlines these methods
 * into kernels, where all their arguments are constants.
 *
 * <p>A <em>table</em> is one page table. Table {@code t} belongs to selection group {@code t % groups} of sequence
 * {@code t / groups}, and its list of frames is row {@code t} of an array. Query heads are numbered group after group
 * within a sequence. With {@code groupHeads = queryHeads / groups}, table {@code t} has the rows {@code t * groupHeads ..}
 * of {@code q [sequences][queryHeads][headDim]}.
 */
public final class Frames {
    private static final int FLOATS_ALIGNED = FrameArray.ALIGNMENT / Float.BYTES;
    private static final int HALVES_ALIGNED = FrameArray.ALIGNMENT / Short.BYTES;

    private Frames() {}

    /** Floats from one frame of a {@code FloatArray} to the next: {@link FrameArray#stride} in elements. */
    public static int stride(int heads, int headDim, int pageSize) {
        return (heads * headElements(headDim, pageSize) + FLOATS_ALIGNED - 1) / FLOATS_ALIGNED * FLOATS_ALIGNED;
    }

    /** Halves from one frame of a {@code HalfFloatArray} to the next: {@link FrameArray#stride} in elements. */
    public static int halfStride(int heads, int headDim, int pageSize) {
        return (heads * headElements(headDim, pageSize) + HALVES_ALIGNED - 1) / HALVES_ALIGNED * HALVES_ALIGNED;
    }

    /** Elements of the keys and values of one head: keys {@code [headDim][pageSize]}, then values. */
    public static int headElements(int headDim, int pageSize) {
        return 2 * pageSize * headDim;
    }

    /** Elements of a head before its values {@code [pageSize][headDim]}. */
    public static int valuesAt(int headDim, int pageSize) {
        return pageSize * headDim;
    }
}
