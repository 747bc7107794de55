package dev.kvasir.kernels.matrix.tornado.ladder;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.matrix.tornado.MatVec;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.kernels.tensor.tornado.Words;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The second of the ladder: {@code y = W x}, one work-group a row. Neighbouring threads load neighbouring words, 4
 * sectors a warp instead of the 32 of {@link MatVec1Naive}, and there are 128 times as many threads. Their partial sums
 * meet in local memory, where half of the threads add the other half's to their own until one is left.
 *
 * <p>Its limits: each group reads all of {@code x} for one row, which is more than the row itself, and a thread waits for
 * one word of weights at a time. {@link MatVec} takes four rows a group, so that {@code x} is read a quarter as often and
 * four words are in flight.
 *
 * <p>Launch: {@code rows} work-groups of {@link #LOCAL} threads. Local memory: {@link #LOCAL} floats.
 */
public final class MatVec2Group {
    private static final int LOCAL = 128;

    private MatVec2Group() {}

    /** The kernel; arguments as {@link MatVec1Naive#multiply}. */
    public static void multiply(KernelContext context, int type, int nativeHalf, FloatArray floats, IntArray words,
            HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray y, int rows, int cols) {
        float[] sums = context.allocateFloatLocalArray(LOCAL);
        int row = context.groupIdx;
        int thread = context.localIdx;
        int rowWords = Words.ofRow(type, cols);
        float sum = 0;
        for (int w = thread; w < rowWords; w += LOCAL) {
            int at = Words.first(type, w);
            sum += Words.dot(type, nativeHalf, floats, words, halves, bits, row, w, cols, Words.x(type, x, at, 0),
                    Words.x(type, x, at, 1), Words.x(type, x, at, 2), Words.x(type, x, at, 3),
                    Words.x(type, x, at, 4), Words.x(type, x, at, 5), Words.x(type, x, at, 6),
                    Words.x(type, x, at, 7));
        }
        sums[thread] = sum;
        for (int half = LOCAL / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
            }
        }
        if (thread == 0) {
            y.set(row, sums[0]);
        }
    }

    /** The launch shape. */
    public static WorkerGrid grid(int rows) {
        return Grids.line(rows, LOCAL);
    }

    /** Adds the task {@code y = W x}. */
    public static void addTo(TaskList tasks, String name, DeviceMatrix w, FloatArray x, FloatArray y) {
        tasks.graph()
                .task(name, MatVec2Group::multiply, tasks.context(), w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, y, w.rows(), w.cols());
        tasks.launch(name, grid(w.rows()));
    }

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("MatVec2Group", 256,
                (a, w) -> addTo(a.tasks(), KernelSample.TASK, w, a.floats(w.cols()),
                        a.floats(w.rows())));
    }
}
