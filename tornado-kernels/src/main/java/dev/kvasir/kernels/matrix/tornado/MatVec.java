package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
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
 * A matrix times the vectors of a few tokens, {@code y[t] = W x[t]} or {@code y[t] += W x[t]}, limited by the reading
 * of {@code W}. The last step of the ladder of matrix-vector kernels.
 *
 * <p>A work-group of {@link #LOCAL} threads multiplies four rows by one vector. Thread {@code i} takes words
 * {@code i, i + LOCAL, …} of each row, so that neighbours in a warp load neighbouring words, and each piece of {@code x}
 * that it loads serves four rows. A thread's four sums go to local memory, to {@code sums[row * LOCAL + thread]}, and are
 * added up there by halving, always in the same order.
 *
 * <p>A group whose token is not active has no words to load, but goes through the barriers like the others: PoCL
 * computes wrong results where whole groups return before a barrier.
 *
 * <p>Launch: work-groups along x one a token, along y one for every four rows. Groups that read the same rows for
 * different tokens start together, so that all but the first find them in the cache. Local memory: {@code 4 LOCAL}
 * floats.
 */
public final class MatVec {
    /** Threads of a work-group. */
    static final int LOCAL = 128;
    /** Rows of a work-group. */
    static final int ROWS = 4;

    private static final int STORE = 0;
    private static final int ADD = 1;

    private MatVec() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step, at most as many as the launch has
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the weights
     * @param x {@code [tokens][cols]}
     * @param y {@code [tokens][rows]}
     * @param add 1 adds to {@code y}, 0 overwrites it
     */
    public static void multiply(KernelContext context, IntArray active, int type, int nativeHalf, FloatArray floats,
            IntArray words, HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray y, int rows, int cols,
            int add) {
        float[] sums = context.allocateFloatLocalArray(ROWS * LOCAL);
        int token = context.groupIdx;
        boolean busy = token < active.get(0);
        int row0 = context.groupIdy * ROWS;
        int row1 = Math.min(row0 + 1, rows - 1);
        int row2 = Math.min(row0 + 2, rows - 1);
        int row3 = Math.min(row0 + 3, rows - 1);
        int thread = context.localIdx;
        int rowWords = busy ? Words.ofRow(type, cols) : 0;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int w = thread; w < rowWords; w += LOCAL) {
            int at = token * cols + Words.first(type, w);
            float xa = Words.x(type, x, at, 0);
            float xb = Words.x(type, x, at, 1);
            float xc = Words.x(type, x, at, 2);
            float xd = Words.x(type, x, at, 3);
            float xe = Words.x(type, x, at, 4);
            float xf = Words.x(type, x, at, 5);
            float xg = Words.x(type, x, at, 6);
            float xh = Words.x(type, x, at, 7);
            sum0 += Words.dot(type, nativeHalf, floats, words, halves, bits, row0, w, cols, xa, xb, xc, xd, xe, xf, xg,
                    xh);
            sum1 += Words.dot(type, nativeHalf, floats, words, halves, bits, row1, w, cols, xa, xb, xc, xd, xe, xf, xg,
                    xh);
            sum2 += Words.dot(type, nativeHalf, floats, words, halves, bits, row2, w, cols, xa, xb, xc, xd, xe, xf, xg,
                    xh);
            sum3 += Words.dot(type, nativeHalf, floats, words, halves, bits, row3, w, cols, xa, xb, xc, xd, xe, xf, xg,
                    xh);
        }
        sums[thread] = sum0;
        sums[LOCAL + thread] = sum1;
        sums[2 * LOCAL + thread] = sum2;
        sums[3 * LOCAL + thread] = sum3;
        for (int half = LOCAL / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
                sums[LOCAL + thread] += sums[LOCAL + thread + half];
                sums[2 * LOCAL + thread] += sums[2 * LOCAL + thread + half];
                sums[3 * LOCAL + thread] += sums[3 * LOCAL + thread + half];
            }
        }
        context.localBarrier();
        if (busy && thread < ROWS && row0 + thread < rows) {
            int at = token * rows + row0 + thread;
            float sum = sums[thread * LOCAL];
            y.set(at, add == ADD ? y.get(at) + sum : sum);
        }
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int rows, int tokens) {
        return Grids.plane(tokens, Math.ceilDiv(rows, ROWS), LOCAL);
    }

    /** Adds the task {@code y[t] = W x[t]}. */
    public static void addTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens) {
        add(tasks, name, active, w, x, y, tokens, STORE);
    }

    /** Adds the task {@code y[t] += W x[t]}: a product that goes into the residual stream. */
    public static void addResidualTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x,
            FloatArray y, int tokens) {
        add(tasks, name, active, w, x, y, tokens, ADD);
    }

    private static void add(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens, int add) {
        tasks.graph()
                .task(name, MatVec::multiply, tasks.context(), active, w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, y,
                        w.rows(), w.cols(), add);
        tasks.launch(name, grid(w.rows(), tokens));
    }

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("MatVec", 256, (a, w) -> addResidualTo(a.tasks(), KernelSample.TASK, a.ints(1), w,
                a.floats(w.cols()), a.floats(w.rows()), 1));
    }
}
