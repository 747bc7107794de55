package dev.kvasir.sim.graph;

/**
 * A task: a kernel, and its arguments at the time when the task was added.
 *
 * @param graph the graph's name
 * @param id the task's name within the graph
 * @param code a {@code TornadoFunctions.TaskN}
 * @param arguments arrays, boxed numbers, and possibly a {@code KernelContext}
 */
record TaskDefinition(String graph, String id, Object code, Object[] arguments) {

    /** The name of the task in a grid scheduler. */
    String fullName() {
        return graph + "." + id;
    }
}
