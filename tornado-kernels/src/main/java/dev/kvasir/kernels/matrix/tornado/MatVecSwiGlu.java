package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.rows.tornado.SwiGlu;
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
 * The first half of the feed-forward part in one launch: {@code y = silu(Wg x) * (Wu x)}, the gate matrix above the up
 * matrix in one {@link DeviceMatrix}. A work-group multiplies two rows of each, so that neither product goes through
 * memory. Launch: as {@link MatVec}, one group for every two elements of {@code y} along the second dimension.
 */
public final class MatVecSwiGlu {
    private static final int LOCAL = MatVec.LOCAL;
    private static final int ROWS = MatVec.ROWS;
    private static final int PAIRS = ROWS / 2;

    private MatVecSwiGlu() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the weights
     * @param x {@code [tokens][cols]}
     * @param y {@code [tokens][width]}
     * @param width rows of the gate matrix, and of the up matrix
     */
    public static void multiply(KernelContext context, IntArray active, int type, int nativeHalf, FloatArray floats,
            IntArray words, HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray y, int width, int cols) {
        float[] sums = context.allocateFloatLocalArray(ROWS * LOCAL);
        int token = context.groupIdx;
        boolean busy = token < active.get(0);
        int row0 = context.groupIdy * PAIRS;
        int row1 = Math.min(row0 + 1, width - 1);
        int row2 = width + row0;
        int row3 = width + row1;
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
        if (busy && thread < PAIRS && row0 + thread < width) {
            float gate = sums[thread * LOCAL];
            float up = sums[(PAIRS + thread) * LOCAL];
            y.set(token * width + row0 + thread, SwiGlu.gated(gate, up));
        }
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int width, int tokens) {
        return Grids.plane(tokens, Math.ceilDiv(width, PAIRS), LOCAL);
    }

    /**
     * Adds the task.
     *
     * @param w gate and up matrix below each other
     */
    public static void addTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens) {
        int width = w.rows() / 2;
        tasks.graph()
                .task(name, MatVecSwiGlu::multiply, tasks.context(), active, w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, y,
                        width, w.cols());
        tasks.launch(name, grid(width, tokens));
    }

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("MatVecSwiGlu", 512, (a, w) -> addTo(a.tasks(), KernelSample.TASK, a.ints(1), w,
                a.floats(w.cols()), a.floats(w.rows() / 2), 1));
    }
}
