package dev.kvasir.kernels.tornado;

import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs kernels once, on the simulator or on whatever TornadoVM is in its place. */
final class TornadoRun {

    private TornadoRun() {}

    /**
     * Transfers {@code arrays} to the device, runs the tasks that {@code kernels} adds, and transfers all arrays back.
     */
    static void run(Consumer<TaskList> kernels, Object... arrays) {
        var graph = new TaskGraph("test");
        var grids = new GridScheduler();
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
        kernels.accept(new TaskList(graph, grids, new KernelContext()));
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(grids).execute();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("the plan's memory could not be freed", e);
        }
    }

    /** Whether to try 16-bit floats as the device's own, as short integers, or both: not every real device has them. */
    static boolean[] halves() {
        boolean simulated = !KernelContext.class.getModule().isNamed();
        return simulated ? new boolean[]{true, false} : new boolean[]{Boolean.getBoolean("kvasir.nativeHalf")};
    }
}
