package dev.kvasir.sim;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Kernels without faults. */
final class Kernels {
    static final int TILE = 8;

    private Kernels() {}

    static void saxpy(FloatArray x, FloatArray y, float a) {
        for (@Parallel
        int i = 0; i < x.getSize(); i++) {
            y.set(i, a * x.get(i) + y.get(i));
        }
    }

    static void transposeLoops(FloatArray x, FloatArray y, int rows, int cols) {
        for (@Parallel
        int r = 0; r < rows; r++) {
            for (@Parallel
            int c = 0; c < cols; c++) {
                y.set(c * rows + r, x.get(r * cols + c));
            }
        }
    }

    static void scale(KernelContext context, FloatArray x, FloatArray y, float a) {
        int i = context.globalIdx;
        if (i >= x.getSize()) {
            return;
        }
        y.set(i, a * x.get(i));
    }

    static void fillHalf(KernelContext context, FloatArray y, float value) {
        if (context.globalIdx < y.getSize() / 2) {
            y.set(context.globalIdx, value);
        }
    }

    static void addOne(KernelContext context, FloatArray y) {
        int i = context.globalIdx;
        y.set(i, y.get(i) + 1);
    }

    /** One sum a work-group, by halving in local memory. */
    static void sum(KernelContext context, FloatArray x, FloatArray sums) {
        int lane = context.localIdx;
        int size = context.localGroupSizeX;
        float[] tree = context.allocateFloatLocalArray(256);
        int i = context.globalIdx;
        tree[lane] = i < x.getSize() ? x.get(i) : 0;
        for (int half = size / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (lane < half) {
                tree[lane] += tree[lane + half];
            }
        }
        if (lane == 0) {
            sums.set(context.groupIdx, tree[0]);
        }
    }

    /** Reverses each group through local memory, with a helper that waits while values are on the operand stack. */
    static void reverse(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(64);
        int lane = context.localIdx;
        int last = context.localGroupSizeX - 1;
        long two = 2;
        tile[lane] = x.get(context.globalIdx);
        y.set(context.globalIdx, (float) two * (1.5 > 1 ? 1f : 0f) * tile[last - waited(context, lane, two)]);
    }

    private static int waited(KernelContext context, int lane, double times) {
        int lost = -1;
        for (int i = 0; i < times; i++) {
            context.localBarrier();
            lost = lane;
        }
        return lost;
    }

    static void transposeTiled(KernelContext context, FloatArray x, FloatArray y, int rows, int cols) {
        float[] tile = context.allocateFloatLocalArray(TILE * (TILE + 1));
        int c = context.groupIdx * TILE + context.localIdx;
        int r = context.groupIdy * TILE + context.localIdy;
        if (r < rows && c < cols) {
            tile[context.localIdy * (TILE + 1) + context.localIdx] = x.get(r * cols + c);
        }
        context.localBarrier();
        int rt = context.groupIdx * TILE + context.localIdy;
        int ct = context.groupIdy * TILE + context.localIdx;
        if (rt < cols && ct < rows) {
            y.set(rt * rows + ct, tile[context.localIdx * (TILE + 1) + context.localIdy]);
        }
    }

    static void histogram(KernelContext context, ByteArray x, IntArray counts) {
        context.atomicAdd(counts, x.get(context.globalIdx) & 3, 1);
    }

    static void halves(KernelContext context, HalfFloatArray x, HalfFloatArray y) {
        int i = context.globalIdx;
        float twice = 2 * x.get(i).getFloat32();
        y.set(i, new HalfFloat(twice));
    }

    /** Variables of every type, an assigned argument and an operand below the call live across nested barriers. */
    static void keeps(KernelContext context, IntArray in, LongArray out, int rounds) {
        int[] tile = context.allocateIntLocalArray(16);
        int[] mine = new int[2];
        int lane = context.localIdx;
        long sum = in.get(context.globalIdx);
        double half = 0.5 + lane;
        byte small = (byte) lane;
        boolean odd = lane % 2 == 1;
        mine[0] = lane;
        while (rounds > 0) {
            for (short k = 0; k < 3; k++) {
                tile[lane] = (int) sum + k;
                context.localBarrier();
                long next = tile[(lane + 1) % 16];
                context.localBarrier();
                sum = sum + (odd ? next : -next) + small + (long) (2 * half);
            }
            if (in.getSize() > 16) {
                context.localBarrier();
                mine[1] = rounds;
                sum += mine[0] * 100L + waitedFor(context, mine[1]);
            }
            rounds--;
        }
        out.set(context.globalIdx, sum + rounds);
    }

    private static int waitedFor(KernelContext context, int value) {
        context.localBarrier();
        return value;
    }

    /** Every control structure that a kernel may use. */
    static void control(KernelContext context, IntArray in, IntArray out) {
        int i = context.globalIdx;
        int v = in.get(i);
        int[] seen = new int[4];
        for (int k = 0; k < 4; k++) {
            seen[k] = 0;
        }
        int steps = 0;
        outer : while (true) {
            switch (v & 3) {
                case 0 -> v += 5;
                case 1 -> v = 3 * v + 1;
                case 2 -> v -= 1;
                default -> {
                    break outer;
                }
            }
            seen[v & 3]++;
            if (++steps > 20) {
                break;
            }
        }
        long total = 0;
        for (int k = 0; k < 4; k++) {
            total += (long) seen[k] << k;
        }
        out.set(i, (int) (total + (v > 100 ? v > 1000 ? 2 : 1 : 0)) + TornadoMath.abs(-v));
    }
}
