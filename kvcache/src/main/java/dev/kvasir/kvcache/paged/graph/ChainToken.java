package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.TaskList;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Allocates the array that all graphs of a {@link GraphChain} hold. */
final class ChainToken {
    private ChainToken() {}

    /** The kernel: one thread writes one number, because TornadoVM allocates an array that a task writes. */
    public static void make(KernelContext context, IntArray token) {
        if (context.globalIdx == 0) {
            token.set(0, 1);
        }
    }

    /** Adds the task. */
    static void addTo(TaskList tasks, String name, IntArray token) {
        tasks.graph().task(name, ChainToken::make, tasks.context(), token);
        tasks.launch(name, Grids.line(1, 1));
    }
}
