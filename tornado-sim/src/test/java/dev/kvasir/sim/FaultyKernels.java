package dev.kvasir.sim;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels with one fault each. */
final class FaultyKernels {
    private static final int[] TABLE = {1, 2, 3};
    private static int changing = 3;

    private FaultyKernels() {}

    static void readsBeyondGlobal(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        y.set(i, x.get(i + 1));
    }

    static void writesBelowGlobal(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        y.set(i - 3, x.get(i));
    }

    static void readsBeyondLocal(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        tile[lane] = x.get(context.globalIdx);
        context.localBarrier();
        y.set(context.globalIdx, tile[lane + 1]);
    }

    static void writesBeyondPrivate(KernelContext context, FloatArray x, FloatArray y) {
        float[] mine = new float[3];
        for (int k = 0; k <= 3; k++) {
            mine[k] = x.get(k);
        }
        y.set(context.globalIdx, mine[0]);
    }

    /** The barrier between writing and reading the neighbour's element is missing. */
    static void readsNeighbourWithoutBarrier(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        tile[lane] = x.get(context.globalIdx);
        y.set(context.globalIdx, tile[Math.max(lane - 1, 0)]);
    }

    /** The barrier at the end of the loop is missing: the next round writes what others still read. */
    static void overwritesWhatOthersRead(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        float sum = 0;
        for (int round = 0; round < 2; round++) {
            tile[lane] = x.get(context.globalIdx) + round;
            context.localBarrier();
            sum += tile[15];
        }
        y.set(context.globalIdx, sum);
    }

    static void allWriteOneLocal(KernelContext context, FloatArray x, FloatArray y) {
        float[] one = context.allocateFloatLocalArray(1);
        one[0] = x.get(context.globalIdx);
        context.localBarrier();
        y.set(context.globalIdx, one[0]);
    }

    /** A local barrier does not order global memory. */
    static void exchangesThroughGlobal(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        y.set(i, x.get(i));
        context.localBarrier();
        int lane = context.localIdx;
        y.set(i, y.get(i - lane + 15 - lane));
    }

    static void groupsReadWhatGroupsWrite(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        y.set(i, x.get(i));
        context.globalBarrier();
        if (context.groupIdx > 0) {
            y.set(i, y.get(i - 16));
        }
    }

    static void groupsWriteWhatGroupsHaveRead(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        float next = context.groupIdx == 0 ? y.get(i + 16) : 0;
        y.set(i, next + x.get(i));
    }

    static void addsAndReads(KernelContext context, IntArray counts, IntArray seen) {
        context.atomicAdd(counts, 0, 1);
        seen.set(context.globalIdx, counts.get(0));
    }

    static void loopCarries(FloatArray x, FloatArray y) {
        for (@Parallel
        int i = 1; i < x.getSize(); i++) {
            y.set(i, y.get(i - 1) + x.get(i));
        }
    }

    static void barrierInBranch(KernelContext context, FloatArray x, FloatArray y) {
        int lane = context.localIdx;
        if (lane < 8) {
            context.localBarrier();
        }
        y.set(context.globalIdx, x.get(context.globalIdx));
    }

    static void twoBarriersInBranches(KernelContext context, FloatArray x, FloatArray y) {
        if (context.localIdx % 2 == 0) {
            context.localBarrier();
        } else {
            context.localBarrier();
        }
        y.set(context.globalIdx, x.get(context.globalIdx));
    }

    /** A group that has nothing to do returns: right in OpenCL and CUDA, but not in a driver for CPUs. */
    static void returnsBeforeBarrier(KernelContext context, FloatArray x, FloatArray y) {
        if (context.groupIdx > 0) {
            return;
        }
        context.localBarrier();
        y.set(context.globalIdx, x.get(context.globalIdx));
    }

    static void readsUnwrittenLocal(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        if (lane < 15) {
            tile[lane] = x.get(context.globalIdx);
        }
        context.localBarrier();
        y.set(context.globalIdx, tile[15 - lane]);
    }

    /** Only the first group writes: the second finds what the first left, as on a device, but may not rely on it. */
    static void readsLocalOfEarlierGroup(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        if (context.groupIdx == 0) {
            tile[lane] = x.get(context.globalIdx);
        }
        y.set(context.globalIdx, tile[lane]);
    }

    static void readsUnwrittenPrivate(KernelContext context, FloatArray x, FloatArray y) {
        float[] sums = new float[4];
        for (int k = 0; k < 8; k++) {
            sums[k % 4] += x.get(k);
        }
        y.set(context.globalIdx, sums[0]);
    }

    static void shiftsNegative(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, x.get(context.globalIdx) >> 2);
    }

    static void dividesNegative(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, x.get(context.globalIdx) / 4);
    }

    static void fusesMultiplyAdd(KernelContext context, FloatArray x, FloatArray y) {
        int i = context.globalIdx;
        y.set(i, Math.fma(x.get(i), 2f, 1f));
    }

    static void absoluteOfInt(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, Math.abs(x.get(context.globalIdx)));
    }

    static void decodesHalf(KernelContext context, IntArray x, FloatArray y) {
        y.set(context.globalIdx, Float.float16ToFloat((short) x.get(context.globalIdx)));
    }

    static void roundsThroughHalf(KernelContext context, FloatArray x, FloatArray y) {
        float v = x.get(context.globalIdx);
        y.set(context.globalIdx, new HalfFloat(v).getFloat32());
    }

    static void storesComputedHalf(KernelContext context, FloatArray x, HalfFloatArray y) {
        y.set(context.globalIdx, new HalfFloat(2 * x.get(context.globalIdx)));
    }

    static void bitsOfComputed(KernelContext context, IntArray x, FloatArray y) {
        y.set(context.globalIdx, Float.intBitsToFloat(x.get(context.globalIdx) << 16));
    }

    static void powerOfConstants(KernelContext context, FloatArray x, FloatArray y) {
        y.set(context.globalIdx, x.get(context.globalIdx) * TornadoMath.pow(2f, 3f));
    }

    static void addsToLocal(KernelContext context, IntArray x, IntArray y) {
        int[] counts = context.allocateIntLocalArray(4);
        context.atomicAdd(counts, x.get(context.globalIdx), 1);
        y.set(context.globalIdx, counts[0]);
    }

    static void recurses(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, factorial(x.get(context.globalIdx)));
    }

    private static int factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    static void readsStaticArray(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, TABLE[x.get(context.globalIdx)]);
    }

    static void readsChangingField(KernelContext context, IntArray x, IntArray y) {
        y.set(context.globalIdx, x.get(context.globalIdx) + changing);
    }

    static void givesLocalAway(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        tile[context.localIdx] = x.get(context.globalIdx);
        y.set(context.globalIdx, first(tile));
    }

    private static float first(float[] tile) {
        return tile[0];
    }

    static void makesObjects(KernelContext context, FloatArray x, FloatArray y) {
        var box = new StringBuilder();
        y.set(context.globalIdx, x.get(context.globalIdx) + box.length());
    }

    static void select(KernelContext context, FloatArray x, FloatArray y) {
        y.set(context.globalIdx, x.get(context.globalIdx));
    }

    static void takesTooMuchLocal(KernelContext context, FloatArray x, FloatArray y) {
        float[] large = context.allocateFloatLocalArray(12_289);
        large[context.localIdx] = x.get(context.globalIdx);
        y.set(context.globalIdx, large[context.localIdx]);
    }

    static void touchesNothing(KernelContext context, FloatArray x, FloatArray y) {
        // Nothing to run.
    }
}
