package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * The indices of a kernel's work-item, and the barriers and local memory of its work-group. The methods do nothing by
 * themselves. The simulator replaces each use when it loads a kernel, as a device's compiler does.
 */
public class KernelContext {
    /** The work-item's index in the grid, first dimension. */
    public final Integer globalIdx = 0;
    /** The work-item's index in the grid, second dimension. */
    public final Integer globalIdy = 0;
    /** The work-item's index in the grid, third dimension. */
    public final Integer globalIdz = 0;
    /** The work-group's index, first dimension. */
    public final Integer groupIdx = 0;
    /** The work-group's index, second dimension. */
    public final Integer groupIdy = 0;
    /** The work-group's index, third dimension. */
    public final Integer groupIdz = 0;
    /** The work-item's index in its group, first dimension. */
    public final Integer localIdx = 0;
    /** The work-item's index in its group, second dimension. */
    public final Integer localIdy = 0;
    /** The work-item's index in its group, third dimension. */
    public final Integer localIdz = 0;
    /** Work-items in the grid, first dimension. */
    public final Integer globalGroupSizeX = 0;
    /** Work-items in the grid, second dimension. */
    public final Integer globalGroupSizeY = 0;
    /** Work-items in the grid, third dimension. */
    public final Integer globalGroupSizeZ = 0;
    /** Work-items in a group, first dimension. */
    public final Integer localGroupSizeX = 0;
    /** Work-items in a group, second dimension. */
    public final Integer localGroupSizeY = 0;
    /** Work-items in a group, third dimension. */
    public final Integer localGroupSizeZ = 0;

    /** Waits for the work-group. Afterwards all its work-items see its writes to local memory. */
    public void localBarrier() {
        throw outsideKernel();
    }

    /** Waits for the work-group. Afterwards all its work-items see its writes to global memory. */
    public void globalBarrier() {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public int[] allocateIntLocalArray(int size) {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public byte[] allocateByteLocalArray(int size) {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public HalfFloat[] allocateHalfFloatLocalArray(int size) {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public long[] allocateLongLocalArray(int size) {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public float[] allocateFloatLocalArray(int size) {
        throw outsideKernel();
    }

    /** Local memory of the work-group, not initialised. */
    public double[] allocateDoubleLocalArray(int size) {
        throw outsideKernel();
    }

    /** Adds to an element of global memory as one step. */
    public void atomicAdd(IntArray array, int index, int value) {
        throw outsideKernel();
    }

    /**
     * Adds to an element of local memory as one step. It is always rejected, because every device's compiler compiles
     * it wrongly.
     */
    public void atomicAdd(int[] array, int index, int value) {
        throw outsideKernel();
    }

    /** Adds to an element of global memory as one step. */
    public void atomicAdd(LongArray array, int index, long value) {
        throw outsideKernel();
    }

    /** Adds to an element of global memory as one step. */
    public void atomicAdd(FloatArray array, int index, float value) {
        throw outsideKernel();
    }

    /** Adds to an element of global memory as one step. */
    public void atomicAdd(DoubleArray array, int index, double value) {
        throw outsideKernel();
    }

    /** Matrix units of NVIDIA devices from compute capability 8.0: a warp's accumulators, 16 x 8, all {@code value}. */
    public float[] mmaFragment(float value) {
        throw outsideKernel();
    }

    /** A warp's piece of A, 16 x 16 halves: from {@code tile[row * 8 + k / 2]}, the even {@code k} in the low half. */
    public HalfFloat[] mmaLoadA(int[] tile, int k) {
        throw outsideKernel();
    }

    /** A warp's piece of B, 16 x 8 halves: from {@code tile[k * 4 + column / 2]}, the even column in the low half. */
    public HalfFloat[] mmaLoadB(int[] tile, int k) {
        throw outsideKernel();
    }

    /** {@code A B + C}, by all threads of a warp together. */
    public float[] mma(HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape) {
        throw outsideKernel();
    }

    /** Stores a warp's accumulators to {@code target[(row + i) * columns + column + j]}. */
    public void mmaStore(float[] fragment, FloatArray target, int row, int column, int columns) {
        throw outsideKernel();
    }

    private static IllegalStateException outsideKernel() {
        return new IllegalStateException("a KernelContext works only inside a kernel: run it as a task of a TaskGraph");
    }
}
