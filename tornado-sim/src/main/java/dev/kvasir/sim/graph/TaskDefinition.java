package dev.kvasir.sim.graph;

/**
 * A task: a kernel and its arguments as they were when the task was added.
 *
 * @param graph the graph's name
 * @param id the task's name within the graph
 * @param code a {@code TornadoFunctions.TaskN}
 * @param arguments arrays, boxed numbers, and possibly a {@code KernelContext}
 */
record TaskDefinition(String graph, String id, Object code, Object[] arguments) {

    /** The name that grids are given by. */
    String fullName() {
        return graph + "." + id;
    }
}
