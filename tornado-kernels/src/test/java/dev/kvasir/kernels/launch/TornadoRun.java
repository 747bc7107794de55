package dev.kvasir.kernels.launch;

import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs kernels once, on the simulator or on whatever TornadoVM is in its place. */
public final class TornadoRun {

    private TornadoRun() {}

    /**
     * Transfers arrays to the device, runs the tasks that {@code kernels} adds, and transfers all arrays back.
     *
     * @param arrays device arrays, and {@link DeviceMatrix}es for all of theirs
     */
    public static void run(Consumer<TaskList> kernels, Object... arrays) {
        List<Object> all = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object array : arrays) {
            for (Object one : array instanceof DeviceMatrix w ? w.arrays() : List.of(array)) {
                if (seen.add(one)) {
                    all.add(one);
                }
            }
        }
        var graph = new TaskGraph("test");
        var grids = new GridScheduler();
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, all.toArray());
        kernels.accept(new TaskList(graph, grids, new KernelContext()));
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION,
                Arrays.stream(arrays).filter(array -> !(array instanceof DeviceMatrix)).toArray());
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(grids).execute();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("the plan's memory could not be freed", e);
        }
    }

    /** Whether to try 16-bit floats as the device's own, as short integers, or both: not every real device has them. */
    public static boolean[] halves() {
        boolean simulated = !KernelContext.class.getModule().isNamed();
        return simulated ? new boolean[]{true, false} : new boolean[]{Boolean.getBoolean("kvasir.nativeHalf")};
    }
}
