package uk.ac.manchester.tornado.api;

import dev.kvasir.sim.graph.PlanExecution;
import dev.kvasir.sim.graph.SimDevice;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * Task graphs that share device memory, with options for their execution. Options are kept for later executions; each
 * method returns the plan. Options that only affect a device's speed have no effect in the simulator.
 */
public class TornadoExecutionPlan implements AutoCloseable {
    /** The device that plans use when none is given. */
    public static TornadoDevice DEFAULT_DEVICE = SimDevice.INSTANCE;

    private final PlanExecution execution;

    /** A plan of these graphs, which {@link #execute} runs one after the other. */
    public TornadoExecutionPlan(ImmutableTaskGraph... immutableTaskGraphs) {
        execution = new PlanExecution(
                Arrays.stream(immutableTaskGraphs).map(ImmutableTaskGraph::definition).toList());
    }

    /** The device {@code backend:device}. */
    public static TornadoDevice getDevice(int backend, int device) {
        return SimDevice.at(backend, device);
    }

    /** Executes the selected graphs and waits for them. */
    public TornadoExecutionResult execute() {
        return new TornadoExecutionResult(execution, execution.execute());
    }

    /** Selects one graph, in the order of the constructor. */
    public TornadoExecutionPlan withGraph(int graphIndex) {
        execution.select(graphIndex);
        return this;
    }

    /** Selects all graphs. */
    public TornadoExecutionPlan withAllGraphs() {
        execution.selectAll();
        return this;
    }

    /** Compiles the kernels of the selected graphs now. */
    public TornadoExecutionPlan withPreCompilation() {
        execution.compile();
        return this;
    }

    /** Runs on {@code device}. */
    public TornadoExecutionPlan withDevice(TornadoDevice device) {
        SimDevice.require(device);
        return this;
    }

    /** Runs one task on {@code device}. */
    public TornadoExecutionPlan withDevice(String taskName, TornadoDevice device) {
        SimDevice.require(device);
        return this;
    }

    /** The device of a graph. */
    public TornadoDevice getDevice(int immutableTaskGraphIndex) {
        return SimDevice.INSTANCE;
    }

    /** Drops the device copies of the selected graphs. */
    public TornadoExecutionPlan freeDeviceMemory() {
        execution.free();
        return this;
    }

    /** Sets the grids of tasks. */
    public TornadoExecutionPlan withGridScheduler(GridScheduler gridScheduler) {
        execution.grids(gridScheduler);
        return this;
    }

    /** Replays kernels and copies as one CUDA graph. */
    public TornadoExecutionPlan withCUDAGraph() {
        return this;
    }

    /** Lets independent copies and kernels overlap. */
    public TornadoExecutionPlan withIntraPlanConcurrency() {
        return this;
    }

    /** Runs copies and kernels one after the other. */
    public TornadoExecutionPlan withoutIntraPlanConcurrency() {
        return this;
    }

    /** Copies large arrays through staging buffers. */
    public TornadoExecutionPlan withStagedTransfers() {
        return this;
    }

    /** Copies arrays directly. */
    public TornadoExecutionPlan withoutStagedTransfers() {
        return this;
    }

    /** Measures executions. */
    public TornadoExecutionPlan withProfiler(ProfilerMode profilerMode) {
        return this;
    }

    /** Does not measure executions. */
    public TornadoExecutionPlan withoutProfiler() {
        return this;
    }

    /** Prints each kernel's device code. */
    public TornadoExecutionPlan withPrintKernel() {
        return this;
    }

    /** Does not print device code. */
    public TornadoExecutionPlan withoutPrintKernel() {
        return this;
    }

    /** Prints the grid of each launch. */
    public TornadoExecutionPlan withThreadInfo() {
        return this;
    }

    /** Does not print grids. */
    public TornadoExecutionPlan withoutThreadInfo() {
        return this;
    }

    /** Passes flags to the device's compiler. */
    public TornadoExecutionPlan withCompilerFlags(TornadoVMBackendType backend, String compilerFlags) {
        return this;
    }

    /** Executes the selected graphs a number of times. */
    public TornadoExecutionPlan withWarmUpIterations(int iterations) {
        for (int i = 0; i < iterations; i++) {
            execution.execute();
        }
        return this;
    }

    /** Number of this plan, from 1. */
    public long getId() {
        return execution.id();
    }

    /** Bytes of device memory that the selected graphs hold. */
    public long getCurrentDeviceMemoryUsage() {
        return execution.deviceBytes();
    }

    @Override
    public void close() throws TornadoExecutionPlanException {
        execution.free();
    }
}
