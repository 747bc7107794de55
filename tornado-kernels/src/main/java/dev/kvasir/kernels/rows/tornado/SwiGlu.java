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
 * {@code gate_i = silu(gate_i) up_i} with {@code silu(g) = g / (1 + exp(-g))}, one element a thread. Launch:
 * {@code tokens * width} threads, rounded up to work-groups of 128. {@code MatVecSwiGlu} gates its own
 * products.
 */
public final class SwiGlu {
    private static final int LOCAL = 128;

    private SwiGlu() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param gate {@code [tokens][width]}, overwritten
     * @param up {@code [tokens][width]}
     */
    public static void multiply(KernelContext context, IntArray active, FloatArray gate, FloatArray up, int width) {
        int i = context.globalIdx;
        if (i < active.get(0) * width) {
            gate.set(i, gated(gate.get(i), up.get(i)));
        }
    }

    /** One gated element. */
    public static float gated(float gate, float up) {
        // Below -80 the sigmoid is 0 in every float; exp must not overflow, since infinity is undefined in fast arithmetic.
        return gate / (1 + TornadoMath.exp(-Math.max(gate, -80f))) * up;
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int width, int tokens) {
        return Grids.line(Math.ceilDiv(tokens * width, LOCAL), LOCAL);
    }

    /** Adds the task. */
    public static void addTo(TaskList tasks, String name, IntArray active, FloatArray gate, FloatArray up, int width,
            int tokens) {
        tasks.graph().task(name, SwiGlu::multiply, tasks.context(), active, gate, up, width);
        tasks.launch(name, grid(width, tokens));
    }

    /** The gate of one token. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("SwiGlu", a -> addTo(a.tasks(), KernelSample.TASK, a.ints(1),
                a.floats(KernelSample.FEED_FORWARD), a.floats(KernelSample.FEED_FORWARD), KernelSample.FEED_FORWARD,
                1)));
    }
}
