package dev.kvasir.benchmarks.tornado;

import dev.kvasir.kernels.launch.TaskList;
import java.util.function.ObjIntConsumer;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * One graph that launches the same kernels many times on arrays that stay on the device. So the cost of the host is
 * divided among many launches.
 */
final class Launches implements AutoCloseable {
    /** Launches an execution. */
    static final int COUNT = 8;

    private final TornadoExecutionPlan plan;

    /**
     * Compiles the kernels, and runs them once.
     *
     * @param result comes to the host after each execution
     * @param kernels adds the kernels of one launch, under names that end with its number
     * @param arrays go to the device once
     */
    Launches(Object result, ObjIntConsumer<TaskList> kernels, Object... arrays) {
        if (!KernelContext.class.getModule().isNamed()) {
            throw new IllegalStateException(
                    "this is the simulator, whose speed says nothing: set TORNADOVM_HOME and name the benchmark, as in `java -jar benchmarks.jar AttentionLadder`");
        }
        var graph = new TaskGraph("launches").transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
        var grids = new GridScheduler();
        var tasks = new TaskList(graph, grids, new KernelContext());
        for (int i = 0; i < COUNT; i++) {
            kernels.accept(tasks, i);
        }
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, result);
        plan = new TornadoExecutionPlan(graph.snapshot());
        plan.withGridScheduler(grids).execute();
    }

    void run() {
        plan.execute();
    }

    @Override
    public void close() throws TornadoExecutionPlanException {
        plan.close();
    }
}
