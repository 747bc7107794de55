package dev.kvasir.sim.graph;

import dev.kvasir.sim.KernelFault;
import dev.kvasir.sim.SimOptions;
import dev.kvasir.sim.rewrite.LinkedKernel;
import dev.kvasir.sim.run.Access;
import dev.kvasir.sim.run.KernelCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A graph within a plan, with its kernels and its device copies. Another graph sees these copies only if it consumes
 * them.
 */
final class GraphExecution {
    private final GraphDefinition definition;
    private final SimOptions options;
    private final Map<Object, DeviceArray> arrays = new IdentityHashMap<>();
    private final List<BoundKernel> kernels = new ArrayList<>();
    private final Set<Object> staged = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());

    private long bytesToDevice;
    private long bytesToHost;
    private long kernelNanos;

    GraphExecution(GraphDefinition definition, SimOptions options) {
        this.definition = definition;
        this.options = options;
    }

    String name() {
        return definition.name();
    }

    boolean hasTask(String fullName) {
        return definition.tasks().stream().anyMatch(task -> task.fullName().equals(fullName));
    }

    /** Loads the kernels that are not loaded yet. */
    void compile() {
        for (int i = kernels.size(); i < definition.tasks().size(); i++) {
            TaskDefinition task = definition.tasks().get(i);
            kernels.add(new BoundKernel(task.fullName(),
                    LinkedKernel.of(task.fullName(), task.code(), task.arguments(), options)));
        }
    }

    /**
     * Copies arrays to the device, launches the kernels and copies results back. {@code before} is the graph that the
     * plan executed before this one.
     */
    void execute(@Nullable GraphExecution before, @Nullable GridScheduler grids) {
        compile();
        staged.clear();
        written.clear();
        consume(before);
        for (int i = 0; i < kernels.size(); i++) {
            TaskDefinition task = definition.tasks().get(i);
            Object[] arguments = stage(task, kernels.get(i).code());
            long start = System.nanoTime();
            kernels.get(i).launch(arguments, grids == null ? null : grids.get(task.fullName()));
            kernelNanos += System.nanoTime() - start;
        }
        for (Object array : definition.arraysToHost()) {
            // As in TornadoVM, an array that no task of this graph writes is not copied.
            if (definition.modeToHost(array) != DataTransferMode.UNDER_DEMAND && written.contains(array)) {
                bytesToHost += of(array).download();
            }
        }
    }

    /**
     * Takes device copies. As in TornadoVM, they always come from the graph executed directly before, even if the
     * definition names another graph.
     */
    private void consume(@Nullable GraphExecution before) {
        if (before == null) {
            return;
        }
        for (Object array : definition.consumedFrom(before.name())) {
            DeviceArray copy = before.arrays.get(array);
            if (copy == null) {
                throw new KernelFault(KernelFault.Kind.MISSING_TRANSFER, "graph " + name() + " consumes "
                        + DeviceArray.describe(array) + ", but graph " + before.name()
                        + ", executed directly before, does not hold it: TornadoVM takes device copies from the last"
                        + " graph only, so that graph must consume and persist it too");
            }
            arrays.put(array, copy);
        }
    }

    private Object[] stage(TaskDefinition task, KernelCode kernel) {
        Object[] arguments = task.arguments().clone();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof TornadoNativeArray array) {
                Access access = kernel.arguments().get(i).access();
                if (staged.add(array)) {
                    stage(task, i, array, access);
                }
                if (access.writes()) {
                    written.add(array);
                }
                arguments[i] = of(array).device();
            }
        }
        return arguments;
    }

    private void stage(TaskDefinition task, int argument, TornadoNativeArray array, Access access) {
        boolean consumed = definition.consumed().contains(array);
        if (consumed && !arrays.containsKey(array)) {
            throw new KernelFault(KernelFault.Kind.MISSING_TRANSFER, "graph " + name() + " consumes "
                    + DeviceArray.describe(array) + " for task " + task.fullName()
                    + ", but no graph that holds it was executed before it in this plan");
        }
        DeviceArray copy = arrays.computeIfAbsent(array, key -> new DeviceArray(array));
        if (consumed || !access.reads()) {
            return; // The first task only writes it. As in TornadoVM, it is then not copied, even if the graph declares the copy.
        }
        switch (definition.modeToDevice(array)) {
            case DataTransferMode.EVERY_EXECUTION -> bytesToDevice += copy.upload();
            case DataTransferMode.FIRST_EXECUTION -> bytesToDevice += copy.uploadOnce();
            case DataTransferMode.UNDER_DEMAND -> {
                // It is only allocated.
            }
            default -> throw new KernelFault(KernelFault.Kind.MISSING_TRANSFER, "task " + task.fullName()
                    + " reads its argument " + argument + ", " + DeviceArray.describe(array) + ", which graph "
                    + name() + " neither transfers to the device nor consumes: add transferToDevice or"
                    + " consumeFromDevice");
        }
    }

    private DeviceArray of(Object array) {
        return Objects.requireNonNull(arrays.get(array));
    }

    /** The device copy, for a copy to the host under demand. */
    DeviceArray held(Object array) {
        DeviceArray copy = arrays.get(array);
        if (copy == null) {
            throw new KernelFault(KernelFault.Kind.MISSING_TRANSFER, "graph " + name() + " holds no device copy of "
                    + DeviceArray.describe(array)
                    + ": a copy under demand comes from the graph that is selected at the time of the request");
        }
        return copy;
    }

    void free() {
        arrays.clear();
    }

    long deviceBytes() {
        return arrays.values().stream().distinct().mapToLong(DeviceArray::bytes).sum();
    }

    /** The copies and times since the last call. */
    ExecutionProfile profile() {
        var profile = new ExecutionProfile(0, 0, kernelNanos, bytesToDevice, bytesToHost);
        bytesToDevice = 0;
        bytesToHost = 0;
        kernelNanos = 0;
        return profile;
    }
}
