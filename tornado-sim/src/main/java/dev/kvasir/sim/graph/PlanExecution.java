package dev.kvasir.sim.graph;

import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;

/** An execution plan: graphs, their device memory, and what has been executed last. */
public final class PlanExecution {
    private final List<GraphDefinition> graphs;

    /** A plan of these graphs. */
    public PlanExecution(List<GraphDefinition> graphs) {
        this.graphs = graphs;
    }

    /** Executes the selected graphs. */
    public ExecutionProfile execute() {
        throw new UnsupportedOperationException("the simulator does not run graphs yet");
    }

    /** Selects one graph. */
    public void select(int graph) {
        graphs.get(graph);
    }

    /** Selects all graphs. */
    public void selectAll() {}

    /** Loads the kernels of the selected graphs. */
    public void compile() {}

    /** Frees device memory. */
    public void free() {}

    /** Sets the grids of tasks. */
    public void grids(GridScheduler grids) {}

    /** Number of this plan. */
    public long id() {
        return 1;
    }

    /** Bytes of device memory. */
    public long deviceBytes() {
        return 0;
    }

    /** Copies an array to the host. */
    public void toHost(Object array) {}

    /** Copies a part of an array to the host. */
    public void toHost(Object array, long offset, long bytes) {}
}
