package dev.kvasir.sim.graph;

import dev.kvasir.sim.KernelFault;
import dev.kvasir.sim.rewrite.LinkedKernel;
import dev.kvasir.sim.run.Kernel;
import dev.kvasir.sim.run.KernelCode;
import dev.kvasir.sim.run.Launch;
import dev.kvasir.sim.run.LaunchShape;
import dev.kvasir.sim.run.WorkItem;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.WorkerGrid;

/** A kernel with state that its launches reuse: its arguments, and memory for work-groups. */
final class BoundKernel {
    private final String task;
    private final LinkedKernel linked;
    private final WorkItem item = new WorkItem();
    private Object[] arguments = {};
    private int groupSize;
    private @Nullable Kernel kernel;

    /** The kernel of a task. */
    BoundKernel(String task, LinkedKernel linked) {
        this.task = task;
        this.linked = linked;
    }

    /** The kernel. */
    KernelCode code() {
        return linked.code();
    }

    /** Runs the kernel with these arguments, for each work-item of {@code grid} if the kernel has a context. */
    void launch(Object[] arguments, @Nullable WorkerGrid grid) {
        LaunchShape shape;
        if (!code().usesContext()) {
            shape = LaunchShape.single();
        } else if (grid == null) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "task " + task + " runs " + code().name()
                    + ", which has a KernelContext, but no grid is set: add one under that name to the GridScheduler");
        } else {
            shape = LaunchShape.of(task, grid);
        }
        new Launch(code(), bind(arguments, shape.groupSize()), shape, item, arguments).run();
    }

    private Kernel bind(Object[] now, int group) {
        boolean same = kernel != null && group == groupSize;
        for (int i = 0; same && i < now.length; i++) {
            same = now[i] == arguments[i];
        }
        if (kernel == null || !same) {
            kernel = linked.bind(now, group);
            arguments = now.clone();
            groupSize = group;
        }
        return kernel;
    }
}
