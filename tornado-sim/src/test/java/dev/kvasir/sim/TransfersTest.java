package dev.kvasir.sim;

import dev.kvasir.sim.KernelFault.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Device copies are separate from host arrays, and only the transfers of a graph move data between both. */
final class TransfersTest {
    private static final int N = 8;

    private final KernelContext context = new KernelContext();
    private final FloatArray x = filled(1);
    private final FloatArray y = filled(-1);

    @Test
    void hostSeesNothingThatIsNotTransferredToIt() throws TornadoExecutionPlanException {
        try (var plan = plan(scale("g").transferToDevice(DataTransferMode.EVERY_EXECUTION, x))) {
            plan.execute();
            assertThat(y.get(0)).isEqualTo(-1);
        }
    }

    @Test
    void forgottenTransferToTheDeviceIsAFault() {
        expect("g.t reads its argument 1, a FloatArray of 8", () -> plan(scale("g")).execute());
    }

    @Test
    void firstExecutionIsNotRepeatedAndEveryExecutionIs() throws TornadoExecutionPlanException {
        assertThat(secondResult(DataTransferMode.FIRST_EXECUTION)).isEqualTo(2);
        assertThat(secondResult(DataTransferMode.EVERY_EXECUTION)).isEqualTo(10);
    }

    private float secondResult(int mode) throws TornadoExecutionPlanException {
        x.init(1);
        TaskGraph graph = scale("g").transferToDevice(mode, x).transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = plan(graph)) {
            plan.execute();
            x.init(5);
            plan.execute();
            return y.get(3);
        }
    }

    @Test
    void copyUnderDemandIsMadeWhenItIsAskedFor() throws TornadoExecutionPlanException {
        TaskGraph graph = scale("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
                .transferToHost(DataTransferMode.UNDER_DEMAND, y);
        try (var plan = plan(graph)) {
            var result = plan.execute();
            assertThat(y.get(3)).isEqualTo(-1);
            result.transferToHost(y);
            assertThat(y.get(3)).isEqualTo(2);
        }
    }

    @Test
    void partUnderDemandLeavesTheRestAndForbidsTheWhole() throws TornadoExecutionPlanException {
        TaskGraph graph = scale("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
                .transferToHost(DataTransferMode.UNDER_DEMAND, y);
        try (var plan = plan(graph)) {
            var result = plan.execute();
            result.transferToHost(new DataRange(y).withOffset(2).withSize(3));
            assertThat(y.toHeapArray()).containsExactly(-1, -1, 2, 2, 2, -1, -1, -1);
            expect("give parts an array of their own", () -> result.transferToHost(y));
        }
    }

    @Test
    void arrayThatIsOnlyWrittenIsNotTransferred() throws TornadoExecutionPlanException {
        var graph = new TaskGraph("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, y)
                .task("t", Kernels::fillHalf, context, y, 3f)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = plan(graph)) {
            plan.execute();
            assertThat(y.toHeapArray()).as("what the kernel leaves alone is zero, not -1")
                    .containsExactly(3, 3, 3, 3, 0, 0, 0, 0);
        }
    }

    @Test
    void nextGraphConsumesWhatTheLastOnePersists() throws TornadoExecutionPlanException {
        try (var plan = plan(first().persistOnDevice(y), second().consumeFromDevice("first", y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y))) {
            plan.withGraph(0).execute();
            plan.withGraph(1).execute();
            assertThat(y.get(0)).isEqualTo(3);
            plan.withGraph(1).execute();
            assertThat(y.get(0)).isEqualTo(4);
            plan.withGraph(0).execute();
            plan.withGraph(1).execute();
            assertThat(y.get(0)).isEqualTo(3);
        }
    }

    @Test
    void graphsShareNothingThatTheyDoNotConsume() throws TornadoExecutionPlanException {
        try (var plan = plan(first().persistOnDevice(y), second().transferToDevice(DataTransferMode.FIRST_EXECUTION, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y))) {
            plan.withGraph(0).execute();
            plan.withGraph(1).execute();
            assertThat(y.get(0)).isEqualTo(0);
        }
    }

    @Test
    void onlyTheLastExecutedGraphGivesDeviceCopies() {
        var plan = plan(first().persistOnDevice(y), scaleOf("between", x, filled(0)),
                second().consumeFromDevice("first", y));
        plan.withGraph(0).execute();
        plan.withGraph(1).execute();
        expect("between, executed directly before, does not hold it", () -> plan.withGraph(2).execute());
    }

    @Test
    void consumingBeforeAnythingWasExecutedIsAFault() {
        expect("no graph that holds it was executed before",
                () -> plan(first(), second().consumeFromDevice("first", y)).withGraph(1).execute());
    }

    @Test
    void freedMemoryIsTransferredAgain() throws TornadoExecutionPlanException {
        TaskGraph graph = scale("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = plan(graph)) {
            plan.execute();
            assertThat(plan.getCurrentDeviceMemoryUsage()).isEqualTo(2 * N * Float.BYTES);
            plan.freeDeviceMemory();
            assertThat(plan.getCurrentDeviceMemoryUsage()).isZero();
            x.init(5);
            plan.execute();
            assertThat(y.get(0)).isEqualTo(10);
        }
    }

    @Test
    void profileCountsBytesEachWay() throws TornadoExecutionPlanException {
        TaskGraph graph = scale("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = plan(graph)) {
            assertThat(plan.execute().getProfilerResult().getTotalBytesCopyIn()).isEqualTo(N * Float.BYTES);
            var second = plan.execute().getProfilerResult();
            assertThat(second.getTotalBytesCopyIn()).isZero();
            assertThat(second.getTotalBytesCopyOut()).isEqualTo(N * Float.BYTES);
        }
    }

    @Test
    void numbersAreThoseOfTheTimeWhenTheTaskWasAdded() throws TornadoExecutionPlanException {
        float[] factor = {2};
        TaskGraph graph = new TaskGraph("g").transferToDevice(DataTransferMode.FIRST_EXECUTION, x)
                .task("t", Kernels::scale, context, x, y, factor[0])
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        factor[0] = 7;
        try (var plan = plan(graph)) {
            plan.execute();
            assertThat(y.get(0)).isEqualTo(2);
        }
    }

    private TaskGraph scale(String name) {
        return scaleTask(new TaskGraph(name), x, y);
    }

    private TaskGraph scaleOf(String name, FloatArray from, FloatArray to) {
        return scaleTask(new TaskGraph(name).transferToDevice(DataTransferMode.FIRST_EXECUTION, from), from, to);
    }

    private TaskGraph scaleTask(TaskGraph graph, FloatArray from, FloatArray to) {
        return graph.task("t", Kernels::scale, context, from, to, 2f);
    }

    private TaskGraph first() {
        return scaleOf("first", x, y);
    }

    private TaskGraph second() {
        return new TaskGraph("second").task("t", Kernels::addOne, context, y);
    }

    private static TornadoExecutionPlan plan(TaskGraph... graphs) {
        var grids = new GridScheduler();
        var snapshots = new uk.ac.manchester.tornado.api.ImmutableTaskGraph[graphs.length];
        for (int i = 0; i < graphs.length; i++) {
            snapshots[i] = graphs[i].snapshot();
            grids.addWorkerGrid(graphs[i].getTaskGraphName() + ".t", CorrectKernelsTest.groups(N, 4));
        }
        return new TornadoExecutionPlan(snapshots).withGridScheduler(grids);
    }

    private static FloatArray filled(float value) {
        var array = new FloatArray(N);
        array.init(value);
        return array;
    }

    private static void expect(String words, ThrowingCallable run) {
        assertThatThrownBy(run).isInstanceOfSatisfying(KernelFault.class,
                fault -> assertThat(fault.kind()).isEqualTo(Kind.MISSING_TRANSFER)).hasMessageContaining(words);
    }
}
