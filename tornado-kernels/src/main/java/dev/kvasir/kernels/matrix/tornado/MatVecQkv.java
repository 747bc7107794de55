package dev.kvasir.kernels.matrix.tornado;

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
 * Query, key and value of a few tokens in one launch: {@code q = Wq x + bq}, {@code k = Wk x + bk},
 * {@code v = Wv x + bv}, the three matrices below each other in one {@link DeviceMatrix}. Key and value alone have too
 * few rows to fill a large device. Launch shape and local memory are {@link MatVec}'s.
 */
public final class MatVecQkv {
    private static final int LOCAL = MatVec.LOCAL;
    private static final int ROWS = MatVec.ROWS;

    private MatVecQkv() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the weights
     * @param x {@code [tokens][cols]}
     * @param bias {@code [qRows + 2 kvRows]}; zeros where the model has none
     * @param q {@code [tokens][qRows]}
     * @param k {@code [tokens][kvRows]}
     * @param v {@code [tokens][kvRows]}
     */
    public static void multiply(KernelContext context, IntArray active, int type, int nativeHalf, FloatArray floats,
            IntArray words, HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray bias, FloatArray q,
            FloatArray k, FloatArray v, int qRows, int kvRows,
            int cols) {
        float[] sums = context.allocateFloatLocalArray(ROWS * LOCAL);
        int token = context.groupIdx;
        boolean busy = token < active.get(0);
        int rows = qRows + 2 * kvRows;
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
        int row = row0 + thread;
        if (busy && thread < ROWS && row < rows) {
            store(token, row, sums[thread * LOCAL] + bias.get(row), q, k, v, qRows, kvRows);
        }
    }

    /** Puts element {@code row} of the three results where it belongs. */
    static void store(int token, int row, float value, FloatArray q, FloatArray k, FloatArray v, int qRows,
            int kvRows) {
        if (row < qRows) {
            q.set(token * qRows + row, value);
        } else if (row < qRows + kvRows) {
            k.set(token * kvRows + row - qRows, value);
        } else {
            v.set(token * kvRows + row - qRows - kvRows, value);
        }
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int qRows, int kvRows, int tokens) {
        return MatVec.grid(qRows + 2 * kvRows, tokens);
    }

    /**
     * Adds the task.
     *
     * @param w query, key and value matrix below each other; {@code kvRows = (w.rows - qRows) / 2}
     */
    public static void addTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray bias,
            FloatArray x, FloatArray q, FloatArray k, FloatArray v, int qRows, int tokens) {
        int kvRows = (w.rows() - qRows) / 2;
        tasks.graph()
                .task(name, MatVecQkv::multiply, tasks.context(), active, w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, bias,
                        q, k, v, qRows, kvRows, w.cols());
        tasks.launch(name, grid(qRows, kvRows, tokens));
    }

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        int qRows = KernelSample.QUERY_HEADS * KernelSample.HEAD_DIM;
        int kvRows = KernelSample.KV_HEADS * KernelSample.HEAD_DIM;
        return DeviceMatrix.samples("MatVecQkv", qRows + 2 * kvRows, (a, w) -> addTo(a.tasks(), KernelSample.TASK,
                a.ints(1), w, a.floats(w.rows()), a.floats(w.cols()), a.floats(qRows), a.floats(kvRows),
                a.floats(kvRows), qRows, 1));
    }
}
