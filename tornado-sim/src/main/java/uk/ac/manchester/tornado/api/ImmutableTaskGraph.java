package uk.ac.manchester.tornado.api;

import dev.kvasir.sim.graph.GraphDefinition;

/** A task graph that no longer changes. */
public class ImmutableTaskGraph {
    private final GraphDefinition definition;

    ImmutableTaskGraph(GraphDefinition definition) {
        this.definition = definition;
    }

    GraphDefinition definition() {
        return definition;
    }
}
