package dev.kvasir.kvcache.paged.graph;

import uk.ac.manchester.tornado.api.TornadoExecutionPlan;

/** How a plan runs its graphs. */
@FunctionalInterface
public interface TornadoPlanOptions {

    /** Sets up a plan before its first execution. */
    void applyTo(TornadoExecutionPlan plan);
}
