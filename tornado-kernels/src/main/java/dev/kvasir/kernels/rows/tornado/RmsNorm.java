package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Root-mean-square norm, {@code y_i = w_i x_i / sqrt(mean(x^2) + eps)}, one work-group a row: of the residual stream
 * (one row a token) or of the heads of queries and keys (one row a head, {@code x} and {@code y} the same array). Threads
 * add up squares of every {@code LOCAL}-th element, local memory ({@link #LOCAL} floats) adds up theirs by halving.
 *
 * <p>Launch: {@code tokens * rowsPerToken} work-groups of {@link #LOCAL} threads.
 */
public final class RmsNorm {
    /** Threads of a work-group. */
    static final int LOCAL = 128;

    private RmsNorm() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param x {@code [tokens][rowsPerToken][n]}
     * @param weight {@code [n]}
     * @param y {@code [tokens][rowsPerToken][n]}; may be {@code x}
     * @param rowsPerToken 1, or heads
     */
    public static void rows(KernelContext context, IntArray active, FloatArray x, FloatArray weight, FloatArray y,
            int rowsPerToken, int n, float eps) {
        float[] squares = context.allocateFloatLocalArray(LOCAL);
        int row = context.groupIdx;
        int thread = context.localIdx;
        int at = row * n;
        int end = row < active.get(0) * rowsPerToken ? n : 0; // idle groups do not return before a barrier, see MatVec
        float sum = 0;
        for (int i = thread; i < end; i += LOCAL) {
            float v = x.get(at + i);
            sum += v * v;
        }
        squares[thread] = sum;
        for (int half = LOCAL / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                squares[thread] += squares[thread + half];
            }
        }
        context.localBarrier();
        float scale = 1 / TornadoMath.sqrt(squares[0] / n + eps);
        for (int i = thread; i < end; i += LOCAL) {
            y.set(at + i, weight.get(i) * (scale * x.get(at + i)));
        }
    }

    /** The launch shape for up to {@code rows} rows: tokens, or tokens times heads. */
    public static WorkerGrid grid(int rows) {
        return Grids.line(rows, LOCAL);
    }

    /** Adds the task that norms the residual stream: {@code y[t] = norm(x[t])}, rows of {@code n} elements. */
    public static void addTo(TaskList tasks, String name, IntArray active, FloatArray x, FloatArray weight,
            FloatArray y, int n, float eps, int tokens) {
        tasks.graph().task(name, RmsNorm::rows, tasks.context(), active, x, weight, y, 1, n, eps);
        tasks.launch(name, grid(tokens));
    }

    /** Adds the task that norms each head of queries or keys in place, {@code x[t][head]} of {@code headDim} elements. */
    public static void addHeadsTo(TaskList tasks, String name, IntArray active, FloatArray x, FloatArray weight,
            int heads, int headDim, float eps, int tokens) {
        tasks.graph().task(name, RmsNorm::rows, tasks.context(), active, x, weight, x, heads, headDim, eps);
        tasks.launch(name, grid(tokens * heads));
    }

    /** The norm of a token's hidden state. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("RmsNorm", a -> addTo(a.tasks(), KernelSample.TASK, a.ints(1),
                a.floats(KernelSample.HIDDEN), a.floats(KernelSample.HIDDEN), a.floats(KernelSample.HIDDEN),
                KernelSample.HIDDEN, 1e-5f, 1)));
    }
}
