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
 * A matrix times the vectors of many tokens, {@code Y[t] = W X[t]}, in blocks: a work-group of {@link #LOCAL} threads
 * makes {@link #TILE_ROWS} rows of the result for {@link #TILE_TOKENS} tokens. It walks along the columns 32 at a time
 * (a block of the quantised types), brings that piece of {@code W}, decoded, and of {@code X} into local memory, and
 * from there each thread multiplies 4 rows by 4 tokens in registers: 8 loads for 16 products.
 *
 * <p>A constant of the compiled kernel chooses the last step: store the sum, add it to {@code y}, store it with a bias, or
 * gate it. When gated, half of the rows of a block are of the gate matrix and half of the up matrix below it.
 *
 * <p>Launch: work-groups along x one for every {@link #TILE_TOKENS} tokens, along y one for every {@link #TILE_ROWS} rows
 * of the matrix. Local memory: 12.5 KB; the rows of both pieces are one element longer than they need to be, so that
 * neither writing along columns nor reading along rows meets one bank twice.
 */
public final class MatMul {
    private static final int LOCAL = 128;
    private static final int TILE_ROWS = 64;
    private static final int TILE_TOKENS = 32;
    private static final int TILE_COLS = 32;
    private static final int W_STRIDE = TILE_ROWS + 1;
    private static final int X_STRIDE = TILE_TOKENS + 1;

    private static final int STORE = 0;
    private static final int ADD = 1;
    private static final int BIAS = 2;
    private static final int SWIGLU = 3;

    private MatMul() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the weights
     * @param x {@code [tokens][cols]}
     * @param bias {@code [rowAt + rows]}; read only if {@code then} is 2
     * @param y {@code [tokens][rows]}
     * @param rowAt first row of the matrix to multiply
     * @param rows length of a row of {@code y}
     * @param then 0 stores, 1 adds to {@code y}, 2 stores with bias, 3 gates {@code rows} rows with the {@code rows} below
     */
    public static void multiply(KernelContext context, IntArray active, int type, int nativeHalf, FloatArray floats,
            IntArray words, HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray bias, FloatArray y,
            int rowAt, int rows, int cols, int then) {
        float[] w = context.allocateFloatLocalArray(TILE_COLS * W_STRIDE); // [cols][rows + 1]
        float[] v = context.allocateFloatLocalArray(TILE_COLS * X_STRIDE); // [cols][tokens + 1]
        int tokens = active.get(0);
        int tileToken = context.groupIdx * TILE_TOKENS;
        int thread = context.localIdx;
        int rowThread = thread % 16; // rows rowThread, + 16, + 32, + 48
        int tokenThread = thread / 16; // tokens tokenThread, + 8, + 16, + 24
        float s00 = 0;
        float s01 = 0;
        float s02 = 0;
        float s03 = 0;
        float s10 = 0;
        float s11 = 0;
        float s12 = 0;
        float s13 = 0;
        float s20 = 0;
        float s21 = 0;
        float s22 = 0;
        float s23 = 0;
        float s30 = 0;
        float s31 = 0;
        float s32 = 0;
        float s33 = 0;
        int end = tileToken < tokens ? cols : 0; // idle groups do not return before a barrier, see MatVec
        for (int tileCol = 0; tileCol < end; tileCol += TILE_COLS) {
            for (int i = thread; i < TILE_ROWS * TILE_COLS; i += LOCAL) {
                int c = i % TILE_COLS;
                int row = matrixRow(then, context.groupIdy, i / TILE_COLS, rowAt, rows);
                w[c * W_STRIDE + i / TILE_COLS] = tileCol + c < cols
                        ? Words.element(type, nativeHalf, floats, words, halves, bits, row, tileCol + c, cols)
                        : 0;
            }
            for (int i = thread; i < TILE_TOKENS * TILE_COLS; i += LOCAL) {
                int c = i % TILE_COLS;
                int token = tileToken + i / TILE_COLS;
                v[c * X_STRIDE + i / TILE_COLS] = token < tokens && tileCol + c < cols
                        ? x.get(token * cols + tileCol + c)
                        : 0;
            }
            context.localBarrier();
            for (int c = 0; c < TILE_COLS; c++) {
                float w0 = w[c * W_STRIDE + rowThread];
                float w1 = w[c * W_STRIDE + rowThread + 16];
                float w2 = w[c * W_STRIDE + rowThread + 32];
                float w3 = w[c * W_STRIDE + rowThread + 48];
                float x0 = v[c * X_STRIDE + tokenThread];
                float x1 = v[c * X_STRIDE + tokenThread + 8];
                float x2 = v[c * X_STRIDE + tokenThread + 16];
                float x3 = v[c * X_STRIDE + tokenThread + 24];
                s00 += w0 * x0;
                s01 += w1 * x0;
                s02 += w2 * x0;
                s03 += w3 * x0;
                s10 += w0 * x1;
                s11 += w1 * x1;
                s12 += w2 * x1;
                s13 += w3 * x1;
                s20 += w0 * x2;
                s21 += w1 * x2;
                s22 += w2 * x2;
                s23 += w3 * x2;
                s30 += w0 * x3;
                s31 += w1 * x3;
                s32 += w2 * x3;
                s33 += w3 * x3;
            }
            context.localBarrier();
        }
        int token = tileToken + tokenThread;
        int row = context.groupIdy * (then == SWIGLU ? TILE_ROWS / 2 : TILE_ROWS) + rowThread;
        finish(then, bias, y, token, tokens, row, rowAt, rows, s00, s01, s02, s03);
        finish(then, bias, y, token + 8, tokens, row, rowAt, rows, s10, s11, s12, s13);
        finish(then, bias, y, token + 16, tokens, row, rowAt, rows, s20, s21, s22, s23);
        finish(then, bias, y, token + 24, tokens, row, rowAt, rows, s30, s31, s32, s33);
    }

    /** Which row of the matrix row {@code i} of a block is; behind the last, the last one. */
    private static int matrixRow(int then, int block, int i, int rowAt, int rows) {
        if (then == SWIGLU) {
            int row = Math.min(block * (TILE_ROWS / 2) + i % (TILE_ROWS / 2), rows - 1);
            return rowAt + (i < TILE_ROWS / 2 ? row : rows + row);
        }
        return rowAt + Math.min(block * TILE_ROWS + i, rows - 1);
    }

    /** Puts away a thread's sums for one token, 16 rows apart. */
    private static void finish(int then, FloatArray bias, FloatArray y, int token, int tokens, int row, int rowAt,
            int rows, float s0, float s1, float s2, float s3) {
        if (token < tokens) {
            if (then == SWIGLU) {
                put(STORE, bias, y, token, row, rowAt, rows, SwiGlu.gated(s0, s2));
                put(STORE, bias, y, token, row + 16, rowAt, rows, SwiGlu.gated(s1, s3));
            } else {
                put(then, bias, y, token, row, rowAt, rows, s0);
                put(then, bias, y, token, row + 16, rowAt, rows, s1);
                put(then, bias, y, token, row + 32, rowAt, rows, s2);
                put(then, bias, y, token, row + 48, rowAt, rows, s3);
            }
        }
    }

    private static void put(int then, FloatArray bias, FloatArray y, int token, int row, int rowAt, int rows,
            float sum) {
        if (row < rows) {
            int at = token * rows + row;
            if (then == ADD) {
                y.set(at, y.get(at) + sum);
            } else if (then == BIAS) {
                y.set(at, sum + bias.get(rowAt + row));
            } else {
                y.set(at, sum);
            }
        }
    }

    /** The launch shape for up to {@code tokens} tokens and {@code rows} rows of the matrix, gate and up together. */
    public static WorkerGrid grid(int rows, int tokens) {
        return Grids.plane(Math.ceilDiv(tokens, TILE_TOKENS), Math.ceilDiv(rows, TILE_ROWS), LOCAL);
    }

    /** Adds the task {@code y[t] = W x[t]}. */
    public static void addTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens) {
        add(tasks, name, active, w, x, w.floats(), y, 0, w.rows(), tokens, STORE);
    }

    /** Adds the task {@code y[t] += W x[t]}: a product that goes into the residual stream. */
    public static void addResidualTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x,
            FloatArray y, int tokens) {
        add(tasks, name, active, w, x, w.floats(), y, 0, w.rows(), tokens, ADD);
    }

    /**
     * Adds three tasks, {@code nameQuery}, {@code nameKey} and {@code nameValue}; with many tokens each fills a device.
     * Arguments as {@link MatVecQkv#addTo}.
     */
    public static void addQkvTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray bias,
            FloatArray x, FloatArray q, FloatArray k, FloatArray v, int qRows, int tokens) {
        int kvRows = (w.rows() - qRows) / 2;
        add(tasks, name + "Query", active, w, x, bias, q, 0, qRows, tokens, BIAS);
        add(tasks, name + "Key", active, w, x, bias, k, qRows, kvRows, tokens, BIAS);
        add(tasks, name + "Value", active, w, x, bias, v, qRows + kvRows, kvRows, tokens, BIAS);
    }

    /** Adds the task {@code y[t] = silu(Wg x[t]) * (Wu x[t])}; {@code w} is gate and up matrix below each other. */
    public static void addSwiGluTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x,
            FloatArray y, int tokens) {
        add(tasks, name, active, w, x, w.floats(), y, 0, w.rows() / 2, tokens, SWIGLU);
    }

    private static void add(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray bias,
            FloatArray y, int rowAt, int rows, int tokens, int then) {
        tasks.graph()
                .task(name, MatMul::multiply, tasks.context(), active, w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, bias, y, rowAt, rows, w.cols(), then);
        tasks.launch(name, grid(then == SWIGLU ? 2 * rows : rows, tokens));
    }

    /** 64 tokens of a prompt, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("MatMul", 256, (a, w) -> addResidualTo(a.tasks(), KernelSample.TASK, a.ints(1), w,
                a.floats(64 * w.cols()), a.floats(64 * w.rows()), 64));
    }
}
