package uk.ac.manchester.tornado.api;

import dev.kvasir.sim.graph.ExecutionProfile;
import dev.kvasir.sim.graph.PlanExecution;

/** A finished execution. */
public class TornadoExecutionResult {
    private final PlanExecution execution;
    private final TornadoProfilerResult profile;

    TornadoExecutionResult(PlanExecution execution, ExecutionProfile profile) {
        this.execution = execution;
        this.profile = new TornadoProfilerResult(profile);
    }

    /** The times of the execution. */
    public TornadoProfilerResult getProfilerResult() {
        return profile;
    }

    /** Copies arrays to the host immediately, from the currently selected graph. */
    public TornadoExecutionResult transferToHost(Object... objects) {
        for (Object object : objects) {
            execution.toHost(object);
        }
        return this;
    }

    /** Copies a part of an array to the host immediately. */
    public TornadoExecutionResult transferToHost(DataRange dataRange) {
        dataRange.materialize();
        execution.toHost(dataRange.getArray(), dataRange.getOffset(), dataRange.getPartialSize());
        return this;
    }

    /** Whether the execution has finished; always true. */
    public boolean isReady() {
        return true;
    }
}
