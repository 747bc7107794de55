package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.TaskList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The task graphs of one execution plan, which share arrays on the device and may run in any order once each has run.
 *
 * <p>TornadoVM passes a device buffer only from the graph that ran last to the graph that runs next, and a graph keeps
 * the buffers it has received. {@link #start} therefore runs every graph once, in the order in which the graphs were added:
 * the first graph that uses an array allocates it, and each following graph passes it on, up to the last graph that uses
 * it. After that a graph receives one array from its predecessor, whichever graph that is, because TornadoVM requires one.
 * All graphs hold this array, the token.
 */
public final class GraphChain implements AutoCloseable {
    static {
        TornadoSettings.make();
    }

    private final KernelContext context = new KernelContext();
    private final GridScheduler grids = new GridScheduler();
    private final List<Graph> graphs = new ArrayList<>();
    private final Map<Object, int[]> uses = new IdentityHashMap<>(); // array -> {first graph, last graph} that uses it
    private final IntArray token = new IntArray(1);
    private TornadoExecutionPlan plan = new TornadoExecutionPlan();
    private @Nullable TornadoExecutionResult result; // of the latest run

    /** A chain with one graph, which allocates the token. */
    public GraphChain() {
        var first = add("start");
        first.keeps(token);
        ChainToken.addTo(first.tasks(), "token", token);
    }

    /** A graph. Its tasks run in the order in which they are added. */
    public final class Graph {
        private final int index;
        private final TaskList tasks;
        private final List<Object> downloaded = new ArrayList<>();
        private final Set<Object> uploaded = Collections.newSetFromMap(new IdentityHashMap<>());

        private Graph(String name, int index) {
            this.index = index;
            tasks = new TaskList(new TaskGraph(name), grids, context);
        }

        /** The list that kernels add themselves to. */
        public TaskList tasks() {
            return tasks;
        }

        /**
         * Keeps arrays on the device between graphs, with the contents that kernels write. Arrays that this graph
         * {@link #uploads} are excepted.
         */
        public void keeps(Object... arrays) {
            for (var array : arrays) {
                if (!uploaded.contains(array)) {
                    uses.computeIfAbsent(array, a -> new int[]{index, index})[1] = index;
                }
            }
        }

        /** As {@link #keeps}; the first graph that uses the arrays uploads the host's contents once. */
        public void uploadsOnce(Object... arrays) {
            for (var array : arrays) {
                if (!uses.containsKey(array)) {
                    tasks.graph().transferToDevice(DataTransferMode.FIRST_EXECUTION, array);
                }
            }
            keeps(arrays);
        }

        /**
         * As {@link #keeps}; this graph, the first that uses the arrays, uploads them each time it runs, for the graphs
         * behind it too.
         */
        public void uploadsForAll(Object... arrays) {
            tasks.graph().transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
            keeps(arrays);
        }

        /** Uploads arrays each time the graph runs; other graphs have copies of their own. */
        public void uploads(Object... arrays) {
            Collections.addAll(uploaded, arrays);
            tasks.graph().transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
        }

        /** Copies arrays to the host each time the graph has run. */
        public void downloads(Object... arrays) {
            keeps(arrays);
            Collections.addAll(downloaded, arrays);
        }
    }

    /** Adds a graph. */
    public Graph add(String name) {
        var graph = new Graph(name, graphs.size());
        graphs.add(graph);
        return graph;
    }

    /** Compiles the graphs and runs each of them once, in order. */
    public void start(TornadoPlanOptions options) {
        for (var graph : graphs) {
            link(graph);
        }
        plan = new TornadoExecutionPlan(
                graphs.stream().map(graph -> graph.tasks.graph().snapshot()).toArray(ImmutableTaskGraph[]::new));
        plan.withGridScheduler(grids);
        options.applyTo(plan);
        for (var graph : graphs) {
            run(graph);
        }
    }

    private void link(Graph graph) {
        var own = new ArrayList<Object>();
        var handed = new ArrayList<Object>();
        uses.forEach((array, range) -> {
            if (range[0] == graph.index) {
                own.add(array);
            } else if (array == token || range[0] < graph.index && graph.index <= range[1]) {
                handed.add(array);
            }
        });
        if (!own.isEmpty()) {
            graph.tasks.graph().persistOnDevice(own.toArray());
        }
        if (!graph.downloaded.isEmpty()) {
            graph.tasks.graph().transferToHost(DataTransferMode.EVERY_EXECUTION, graph.downloaded.toArray());
        }
        for (var other : graphs) {
            if (graph.index == 0) {
                return;
            }
            var from = other.index == graph.index - 1 ? handed.toArray() : new Object[]{token};
            graph.tasks.graph().consumeFromDevice(other.tasks.graph().getTaskGraphName(), from);
        }
    }

    /**
     * Runs a graph and waits for it.
     *
     * @throws GraphFailedException if TornadoVM cannot compile or run it
     */
    public void run(Graph graph) {
        try {
            result = plan.withGraph(graph.index).execute();
        } catch (RuntimeException e) {
            throw GraphFailedException.of(graph.tasks.graph().getTaskGraphName(), e);
        }
    }

    /** Copies an array that {@code graph} keeps from the device to the host. */
    public void download(Graph graph, Object array) {
        plan.withGraph(graph.index);
        if (result != null) {
            result.transferToHost(array);
        }
    }

    /** Frees the device memory of all graphs. */
    @Override
    public void close() {
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("the device did not give its memory back: " + e.getMessage(), e);
        }
    }
}
