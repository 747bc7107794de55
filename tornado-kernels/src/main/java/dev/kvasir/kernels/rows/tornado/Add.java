package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code x_i += y_i}, one element a thread. Launch: {@code tokens * width} threads, rounded up to work-groups of 128. A
 * product that goes into the residual stream needs no launch of its own: {@code MatVec.addResidualTo}.
 */
public final class Add {
    private static final int LOCAL = 128;

    private Add() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param x {@code [tokens][width]}
     * @param y {@code [tokens][width]}
     */
    public static void add(KernelContext context, IntArray active, FloatArray x, FloatArray y, int width) {
        int i = context.globalIdx;
        if (i < active.get(0) * width) {
            x.set(i, x.get(i) + y.get(i));
        }
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int width, int tokens) {
        return Grids.line(Math.ceilDiv(tokens * width, LOCAL), LOCAL);
    }

    /** Adds the task. */
    public static void addTo(TaskList tasks, String name, IntArray active, FloatArray x, FloatArray y, int width,
            int tokens) {
        tasks.graph().task(name, Add::add, tasks.context(), active, x, y, width);
        tasks.launch(name, grid(width, tokens));
    }

    /** The sum of two hidden states. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("Add", a -> addTo(a.tasks(), KernelSample.TASK, a.ints(1),
                a.floats(KernelSample.HIDDEN), a.floats(KernelSample.HIDDEN), KernelSample.HIDDEN, 1)));
    }
}
