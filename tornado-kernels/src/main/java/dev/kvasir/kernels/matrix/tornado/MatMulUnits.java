package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code Y[t] = W X[t]} on matrix units, for F16 weights and many tokens: PTX and CUDA from compute capability 8.0. A
 * work-group is one warp. It makes {@link #TILE_TOKENS} tokens of {@link #TILE_ROWS} rows: 16 columns at a time it packs
 * both pieces as pairs of halves into local memory, and four instructions multiply them, sums in f32.
 *
 * <p>The activations are halves, too: {@link #toHalf} rounds them, each by at most one part in 2048. That is why
 * models run on {@link MatMul}.
 *
 * <p>Launch: along x one group for every {@link #TILE_TOKENS} tokens, along y one for every {@link #TILE_ROWS} rows, 32
 * threads each. Local memory: 1.5 KB.
 */
public final class MatMulUnits {
    /** Tokens of a work-group; {@code X} and {@code Y} have a whole number of them. */
    public static final int TILE_TOKENS = 16;
    /** Rows of a work-group; {@code W} has a whole number of them. */
    public static final int TILE_ROWS = 32;
    /** Columns of a step; {@code W} has a whole number of them. */
    public static final int TILE_COLS = 16;

    private static final int WARP = 32;
    private static final int A_WORDS = TILE_TOKENS * TILE_COLS / 2;
    private static final int B_WORDS = TILE_COLS * 8 / 2;
    private static final int LOCAL = 128; // threads of the conversion

    private MatMulUnits() {}

    /**
     * Rounds activations to halves. Launch: {@code tokens * width} threads, rounded up to work-groups of 128.
     *
     * @param active {@code [1]}: tokens of this step
     * @param x {@code [tokens][width]}
     * @param rounded {@code [tokens][width]}
     */
    public static void toHalf(KernelContext context, IntArray active, FloatArray x, HalfFloatArray rounded,
            int width) {
        int i = context.globalIdx;
        if (i < active.get(0) * width) {
            rounded.set(i, new HalfFloat(x.get(i)));
        }
    }

    /**
     * The product.
     *
     * @param x {@code [tokens][cols]}; rows beyond the active tokens may hold anything, their results mean nothing
     * @param w {@code [rows][cols]}
     * @param y {@code [tokens][rows]}
     */
    public static void multiply(KernelContext context, HalfFloatArray x, HalfFloatArray w, FloatArray y, int rows,
            int cols) {
        int[] a = context.allocateIntLocalArray(A_WORDS); // [token][column / 2]
        int[] b0 = context.allocateIntLocalArray(B_WORDS); // [column][row / 2] of 8 rows each
        int[] b1 = context.allocateIntLocalArray(B_WORDS);
        int[] b2 = context.allocateIntLocalArray(B_WORDS);
        int[] b3 = context.allocateIntLocalArray(B_WORDS);
        int lane = context.localIdx;
        int token = context.groupIdx * TILE_TOKENS;
        int row = context.groupIdy * TILE_ROWS;
        float[] sum0 = context.mmaFragment(0f);
        float[] sum1 = context.mmaFragment(0f);
        float[] sum2 = context.mmaFragment(0f);
        float[] sum3 = context.mmaFragment(0f);
        for (int col = 0; col < cols; col += TILE_COLS) {
            for (int i = lane; i < A_WORDS; i += WARP) {
                int at = (token + i / 8) * cols + col + i % 8 * 2;
                a[i] = pair(x, at, at + 1);
            }
            for (int i = lane; i < B_WORDS; i += WARP) {
                // neighbouring lanes take neighbouring columns of a row, and pack them below each other
                int at = (row + i / 16 * 2) * cols + col + i % 16;
                int to = i % 16 * 4 + i / 16;
                b0[to] = pair(w, at, at + cols);
                b1[to] = pair(w, at + 8 * cols, at + 9 * cols);
                b2[to] = pair(w, at + 16 * cols, at + 17 * cols);
                b3[to] = pair(w, at + 24 * cols, at + 25 * cols);
            }
            context.localBarrier();
            HalfFloat[] left = context.mmaLoadA(a, TILE_COLS);
            HalfFloat[] right0 = context.mmaLoadB(b0, TILE_COLS);
            sum0 = context.mma(left, right0, sum0, MMAShape.M16N8K16);
            HalfFloat[] right1 = context.mmaLoadB(b1, TILE_COLS);
            sum1 = context.mma(left, right1, sum1, MMAShape.M16N8K16);
            HalfFloat[] right2 = context.mmaLoadB(b2, TILE_COLS);
            sum2 = context.mma(left, right2, sum2, MMAShape.M16N8K16);
            HalfFloat[] right3 = context.mmaLoadB(b3, TILE_COLS);
            sum3 = context.mma(left, right3, sum3, MMAShape.M16N8K16);
            context.localBarrier();
        }
        context.mmaStore(sum0, y, token, row, rows);
        context.mmaStore(sum1, y, token, row + 8, rows);
        context.mmaStore(sum2, y, token, row + 16, rows);
        context.mmaStore(sum3, y, token, row + 24, rows);
    }

    private static int pair(HalfFloatArray from, int low, int high) {
        return from.get(low).getHalfFloatValue() & 0xffff | (from.get(high).getHalfFloatValue() & 0xffff) << 16;
    }

    /** The launch shape of {@link #multiply}. */
    public static WorkerGrid grid(int rows, int tokens) {
        return Grids.plane(tokens / TILE_TOKENS, rows / TILE_ROWS, WARP);
    }

    /** The launch shape of {@link #toHalf}. */
    public static WorkerGrid toHalfGrid(int width, int tokens) {
        return Grids.line(Math.ceilDiv(tokens * width, LOCAL), LOCAL);
    }

    /**
     * Adds both tasks, {@code nameHalf} and {@code name}: {@code y[t] = W x[t]}.
     *
     * @param w F16 on a device that has halves
     * @param rounded {@code [tokens][cols]}, scratch on the device
     * @throws IllegalArgumentException if the sizes are not whole tiles or the weights not halves
     */
    public static void addTo(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x,
            HalfFloatArray rounded, FloatArray y, int tokens) {
        if (w.code() != DeviceMatrix.F16 || !w.nativeHalf() || tokens % TILE_TOKENS != 0 || w.rows() % TILE_ROWS != 0
                || w.cols() % TILE_COLS != 0) {
            throw new IllegalArgumentException(
                    "matrix units take F16 weights of whole tiles of %d x %d, and %d tokens at a time, not %s %d x %d and %d; use MatMul"
                            .formatted(TILE_ROWS, TILE_COLS, TILE_TOKENS, w.type(), w.rows(), w.cols(), tokens));
        }
        addToHalf(tasks, name + "Half", active, x, rounded, w.cols(), tokens);
        addMultiply(tasks, name, rounded, w.halves(), y, w.rows(), w.cols(), tokens);
    }

    private static void addToHalf(TaskList tasks, String name, IntArray active, FloatArray x, HalfFloatArray rounded,
            int width, int tokens) {
        tasks.graph().task(name, MatMulUnits::toHalf, tasks.context(), active, x, rounded, width);
        tasks.launch(name, toHalfGrid(width, tokens));
    }

    private static void addMultiply(TaskList tasks, String name, HalfFloatArray x, HalfFloatArray w, FloatArray y,
            int rows, int cols, int tokens) {
        tasks.graph().task(name, MatMulUnits::multiply, tasks.context(), x, w, y, rows, cols);
        tasks.launch(name, grid(rows, tokens));
    }

    /** 64 tokens of a prompt. */
    public static List<KernelSample> samples() {
        int tokens = 64;
        int rows = 256;
        int cols = KernelSample.HIDDEN;
        return List.of(
                KernelSample.ofHalf("MatMulUnits.half", a -> addToHalf(a.tasks(), KernelSample.TASK, a.ints(1),
                        a.floats(tokens * cols), a.halves(tokens * cols), cols, tokens)),
                KernelSample.ofHalf("MatMulUnits", a -> addMultiply(a.tasks(), KernelSample.TASK,
                        a.halves(tokens * cols), a.halves(rows * cols), a.floats(tokens * rows), rows, cols, tokens)));
    }
}
