package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.TaskList;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Makes the one array that every graph of a {@link GraphChain} holds. */
final class ChainToken {
    private ChainToken() {}

    /** The kernel: one thread writes something, so that the array is allocated. */
    public static void make(KernelContext context, IntArray baton) {
        if (context.globalIdx == 0) {
            baton.set(0, 1);
        }
    }

    /** Adds the task. */
    static void addTo(TaskList tasks, String name, IntArray baton) {
        tasks.graph().task(name, ChainToken::make, tasks.context(), baton);
        var grid = new WorkerGrid1D(1);
        grid.setLocalWork(1, 1, 1);
        tasks.launch(name, grid);
    }
}
