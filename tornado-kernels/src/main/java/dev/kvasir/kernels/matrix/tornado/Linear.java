package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Adds the matrix products of a model to a task graph, each with the kernel for its number of tokens: {@link MatVec},
 * {@link MatVecQkv} and {@link MatVecSwiGlu} for up to {@link #FEW_TOKENS}, where reading the weights takes the time, and
 * {@link MatMul} for more. All take {@code active}, {@code [1]}: the rows of this step, at most {@code tokens}.
 */
public final class Linear {
    /** Up to this number of tokens a product takes one token after the other; all but the first find the weights in the cache. */
    public static final int FEW_TOKENS = 8;

    private Linear() {}

    /** {@code y[t] = W x[t]}; {@code x} is {@code [tokens][cols]}, {@code y} is {@code [tokens][rows]}. */
    public static void store(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens) {
        if (tokens <= FEW_TOKENS) {
            MatVec.addTo(tasks, name, active, w, x, y, tokens);
        } else {
            MatMul.addTo(tasks, name, active, w, x, y, tokens);
        }
    }

    /** {@code y[t] += W x[t]}: a product that goes into the residual stream {@code y}. */
    public static void addResidual(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x,
            FloatArray y, int tokens) {
        if (tokens <= FEW_TOKENS) {
            MatVec.addResidualTo(tasks, name, active, w, x, y, tokens);
        } else {
            MatMul.addResidualTo(tasks, name, active, w, x, y, tokens);
        }
    }

    /**
     * {@code q[t] = Wq x[t] + bq}, and so for key and value.
     *
     * @param w query, key and value matrix, below each other in this order
     * @param bias {@code [w.rows]}; zeros where the model has none
     * @param q {@code [tokens][qRows]}
     * @param k {@code [tokens][(w.rows - qRows) / 2]}; {@code v} too
     */
    public static void queryKeyValue(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray bias,
            FloatArray x, FloatArray q, FloatArray k, FloatArray v, int qRows, int tokens) {
        if (tokens <= FEW_TOKENS) {
            MatVecQkv.addTo(tasks, name, active, w, bias, x, q, k, v, qRows, tokens);
        } else {
            MatMul.addQkvTo(tasks, name, active, w, bias, x, q, k, v, qRows, tokens);
        }
    }

    /**
     * {@code y[t] = silu(Wg x[t]) * (Wu x[t])}.
     *
     * @param w gate and up matrix, below each other
     * @param y {@code [tokens][w.rows / 2]}
     */
    public static void swiGlu(TaskList tasks, String name, IntArray active, DeviceMatrix w, FloatArray x, FloatArray y,
            int tokens) {
        if (tokens <= FEW_TOKENS) {
            MatVecSwiGlu.addTo(tasks, name, active, w, x, y, tokens);
        } else {
            MatMul.addSwiGluTo(tasks, name, active, w, x, y, tokens);
        }
    }
}
