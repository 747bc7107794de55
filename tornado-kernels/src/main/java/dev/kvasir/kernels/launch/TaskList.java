package dev.kvasir.kernels.launch;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * A task graph that is being filled, with the launch shapes of its kernels. The {@code addTo} methods of the kernel
 * classes choose the kernel for a weight's type and add it here together with its grid.
 *
 * @param graph receives the tasks
 * @param grids receives the launch shape of each task, under {@code graph.task}
 * @param context the first argument of all kernels of the graph
 */
public record TaskList(TaskGraph graph, GridScheduler grids, KernelContext context) {

    /** Sets the launch shape of the task {@code name} of this graph. */
    public void launch(String name, WorkerGrid grid) {
        grids.addWorkerGrid(graph.getTaskGraphName() + "." + name, grid);
    }
}
