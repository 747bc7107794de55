package dev.kvasir.sim.graph;

import dev.kvasir.sim.KernelFault;
import dev.kvasir.sim.SimOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;

/** An execution plan with its graphs, the selected ones among them, and the graph executed last. Not thread-safe. */
public final class PlanExecution {
    private static final AtomicLong PLANS = new AtomicLong();

    private final long id = PLANS.incrementAndGet();
    private final List<GraphExecution> graphs;
    private List<GraphExecution> selected;
    private @Nullable GraphExecution last;
    private @Nullable GridScheduler grids;

    /** A plan of these graphs, all selected, with the options of the current system properties. */
    public PlanExecution(List<GraphDefinition> graphs) {
        SimOptions options = SimOptions.fromProperties();
        this.graphs = graphs.stream().map(graph -> new GraphExecution(graph, options)).toList();
        selected = this.graphs;
    }

    /** Executes the selected graphs in order. */
    public ExecutionProfile execute() {
        long start = System.nanoTime();
        compile();
        long compiled = System.nanoTime();
        GraphExecution before = last; // as in TornadoVM, the same for all graphs of one call
        for (GraphExecution graph : selected) {
            graph.execute(before, grids);
        }
        last = selected.getLast();
        var total = new ExecutionProfile(System.nanoTime() - start, compiled - start, 0, 0, 0);
        for (GraphExecution graph : selected) {
            total = total.plus(graph.profile());
        }
        return total;
    }

    /** Selects one graph. */
    public void select(int graph) {
        if (graph < 0 || graph >= graphs.size()) {
            throw new KernelFault(KernelFault.Kind.LAUNCH,
                    "graph " + graph + " of a plan of " + graphs.size() + " graphs: they count from 0");
        }
        selected = List.of(graphs.get(graph));
    }

    /** Selects all graphs. */
    public void selectAll() {
        selected = graphs;
    }

    /** Loads the kernels of the selected graphs. */
    public void compile() {
        selected.forEach(GraphExecution::compile);
    }

    /** Drops the device copies of the selected graphs. */
    public void free() {
        selected.forEach(GraphExecution::free);
    }

    /** Sets the grids of tasks. */
    public void grids(GridScheduler grids) {
        if (grids.keySet().stream().noneMatch(name -> graphs.stream().anyMatch(graph -> graph.hasTask(name)))) {
            throw new KernelFault(KernelFault.Kind.LAUNCH, "none of the grids " + grids.keySet()
                    + " is for a task of this plan: name them graph.task");
        }
        this.grids = grids;
    }

    /** Number of this plan, from 1. */
    public long id() {
        return id;
    }

    /** Bytes of device memory that the selected graphs hold. */
    public long deviceBytes() {
        return selected.stream().mapToLong(GraphExecution::deviceBytes).sum();
    }

    /** Copies an array to the host from the selected graphs. */
    public void toHost(Object array) {
        selected.forEach(graph -> graph.held(array).download());
    }

    /** Copies bytes of an array, counted with its header, to the host from the selected graphs. */
    public void toHost(Object array, long offset, long bytes) {
        selected.forEach(graph -> graph.held(array).download(offset, bytes));
    }
}
