package dev.kvasir.sim;

import dev.kvasir.sim.KernelFault.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each fault that is planted in a kernel is found, and the message says where. */
final class FaultsTest {

    @Test
    void readBeyondGlobalArrayNamesWorkItemAndIndex() {
        expect(Kind.OUT_OF_BOUNDS, floats(FaultyKernels::readsBeyondGlobal), "FaultyKernels.readsBeyondGlobal",
                "FaultyKernels.java:", "x[32]", "FloatArray of 32", "global (31, 0, 0)", "group (1, 0, 0)",
                "local (15, 0, 0)");
    }

    @Test
    void writeBelowGlobalArrayIsFound() {
        expect(Kind.OUT_OF_BOUNDS, floats(FaultyKernels::writesBelowGlobal), "y[-3]", "global (0, 0, 0)");
    }

    @Test
    void readBeyondLocalArrayIsFound() {
        expect(Kind.OUT_OF_BOUNDS, floats(FaultyKernels::readsBeyondLocal), "tile[16]", "local array of 16",
                "local (15, 0, 0)");
    }

    @Test
    void writeBeyondPrivateArrayIsFound() {
        expect(Kind.OUT_OF_BOUNDS, floats(FaultyKernels::writesBeyondPrivate), "element 3 of a private array of 3");
    }

    @Test
    void readOfNeighboursElementWithoutBarrierIsARace() {
        expect(Kind.DATA_RACE, floats(FaultyKernels::readsNeighbourWithoutBarrier), "reads tile[0]",
                "work-item (0, 0, 0) of group (0, 0, 0) has written", "local (1, 0, 0)");
    }

    @Test
    void writeOfWhatOthersStillReadIsARace() {
        expect(Kind.DATA_RACE, floats(FaultyKernels::overwritesWhatOthersRead), "writes tile[", "has used",
                "since the last localBarrier");
    }

    @Test
    void twoWritesOfOneLocalElementAreARace() {
        expect(Kind.DATA_RACE, floats(FaultyKernels::allWriteOneLocal), "writes one[0]");
    }

    @Test
    void localBarrierDoesNotOrderGlobalMemory() {
        expect(Kind.DATA_RACE, floats(FaultyKernels::exchangesThroughGlobal), "reads y[15]", "globalBarrier");
    }

    @Test
    void nothingOrdersWorkGroups() {
        expect(Kind.DATA_RACE, floats(FaultyKernels::groupsReadWhatGroupsWrite), "reads y[0]",
                "work-item (0, 0, 0) of group (0, 0, 0) has written", "group (1, 0, 0)");
        expect(Kind.DATA_RACE, floats(FaultyKernels::groupsWriteWhatGroupsHaveRead), "writes y[16]");
    }

    @Test
    void plainReadBesideAtomicAdditionsIsARace() {
        expect(Kind.DATA_RACE, ints(FaultyKernels::addsAndReads, 0), "counts[0]");
    }

    @Test
    void iterationsOfAParallelLoopMayNotMeet() {
        FloatArray x = CorrectKernelsTest.random(8);
        var y = new FloatArray(8);
        expect(Kind.DATA_RACE,
                () -> CorrectKernelsTest.run(null,
                        g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                                .task("t", FaultyKernels::loopCarries, x, y)
                                .transferToHost(DataTransferMode.EVERY_EXECUTION, y)),
                "reads y[1]", "another iteration", "global (2, 0, 0)");
    }

    @Test
    void barrierThatSomeDoNotReachIsFound() {
        expect(Kind.DIVERGENT_BARRIER, floats(FaultyKernels::barrierInBranch), "local (8, 0, 0) has ended",
                "the first work-item of its group waits at FaultyKernels.java:");
    }

    @Test
    void twoBarriersAreNotOne() {
        expect(Kind.DIVERGENT_BARRIER, floats(FaultyKernels::twoBarriersInBranches), "local (1, 0, 0) waits at");
    }

    @Test
    void readOfUnwrittenLocalMemoryIsFound() {
        expect(Kind.UNINITIALISED_READ, floats(FaultyKernels::readsUnwrittenLocal), "tile[15]", "local (0, 0, 0)");
        expect(Kind.UNINITIALISED_READ, floats(FaultyKernels::readsLocalOfEarlierGroup), "group (1, 0, 0)");
    }

    @Test
    void readOfUnwrittenPrivateMemoryIsFound() {
        expect(Kind.UNINITIALISED_READ, floats(FaultyKernels::readsUnwrittenPrivate), "private array");
    }

    @Test
    void negativeValuesAreNotShifted() {
        expect(Kind.REJECTED, ints(FaultyKernels::shiftsNegative, -7), "shifts -7");
        expect(Kind.REJECTED, ints(FaultyKernels::dividesNegative, -7), "divides by a power of two -7");
    }

    @Test
    void callsThatCompilersRejectAreRejected() {
        expect(Kind.REJECTED, floats(FaultyKernels::fusesMultiplyAdd), "Math.fma", "a * b + c", "FaultyKernels.java:");
        expect(Kind.REJECTED, ints(FaultyKernels::absoluteOfInt, 1), "Math.abs", "TornadoMath.abs");
        expect(Kind.REJECTED, mixed(FaultyKernels::decodesHalf), "Float.float16ToFloat");
        expect(Kind.REJECTED, mixed(FaultyKernels::bitsOfComputed), "Float.intBitsToFloat");
        expect(Kind.REJECTED, floats(FaultyKernels::roundsThroughHalf), "makes a HalfFloat");
        var halves = new HalfFloatArray(32);
        FloatArray x = CorrectKernelsTest.random(32);
        expect(Kind.REJECTED, () -> CorrectKernelsTest.run(CorrectKernelsTest.groups(32, 16),
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                        .task("t", FaultyKernels::storesComputedHalf, new KernelContext(), x, halves)),
                "makes a HalfFloat");
        expect(Kind.REJECTED, floats(FaultyKernels::returnsBeforeBarrier), "returns before the barrier at");
        expect(Kind.REJECTED, floats(FaultyKernels::powerOfConstants), "TornadoMath.pow");
        expect(Kind.REJECTED, ints(FaultyKernels::addsToLocal, 1), "atomically to a local array");
        expect(Kind.REJECTED, ints(FaultyKernels::recurses, 3), "factorial", "recursion");
        expect(Kind.REJECTED, ints(FaultyKernels::readsStaticArray, 1), "static array TABLE");
        expect(Kind.REJECTED, ints(FaultyKernels::readsChangingField, 1), "field changing");
        expect(Kind.REJECTED, floats(FaultyKernels::givesLocalAway), "local array to first");
        expect(Kind.REJECTED, floats(FaultyKernels::makesObjects), "StringBuilder");
        expect(Kind.REJECTED, floats(FaultyKernels::select), "function of OpenCL C");
    }

    @Test
    void launchesThatNoDeviceTakesAreRefused() {
        expect(Kind.LAUNCH, floats(FaultyKernels::takesTooMuchLocal), "49156", "49152");
        expect(Kind.LAUNCH, floats(FaultyKernels::touchesNothing), "neither its context nor an array");
        FloatArray x = CorrectKernelsTest.random(30);
        expect(Kind.LAUNCH, () -> run(Kernels::scale, x, 30, 16), "30 work-items", "16");
        expect(Kind.LAUNCH, () -> run(Kernels::scale, x, 2048, 2048), "2048", "1024");
        expect(Kind.LAUNCH, () -> CorrectKernelsTest.run(null,
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                        .task("t", Kernels::addOne, new KernelContext(), x)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, x)),
                "no grid");
    }

    private static void run(
            uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4<KernelContext, FloatArray, FloatArray, Float> kernel,
            FloatArray x, int items, int group) {
        var y = new FloatArray(x.getSize());
        var grid = new WorkerGrid1D(items);
        grid.setLocalWork(group, 1, 1);
        CorrectKernelsTest.run(grid, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", kernel, new KernelContext(), x, y, 2f)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
    }

    /** Runs a kernel on arrays of 32 in two groups. */
    private static ThrowingCallable floats(Task3<KernelContext, FloatArray, FloatArray> kernel) {
        FloatArray x = CorrectKernelsTest.random(32);
        var y = new FloatArray(32);
        return () -> CorrectKernelsTest.run(CorrectKernelsTest.groups(32, 16),
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                        .task("t", kernel, new KernelContext(), x, y)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
    }

    private static ThrowingCallable ints(Task3<KernelContext, IntArray, IntArray> kernel, int value) {
        var x = new IntArray(32);
        x.init(value);
        var y = new IntArray(32);
        return () -> CorrectKernelsTest.run(CorrectKernelsTest.groups(32, 16),
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                        .task("t", kernel, new KernelContext(), x, y)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
    }

    private static ThrowingCallable mixed(Task3<KernelContext, IntArray, FloatArray> kernel) {
        var x = new IntArray(32);
        var y = new FloatArray(32);
        return () -> CorrectKernelsTest.run(CorrectKernelsTest.groups(32, 16),
                g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                        .task("t", kernel, new KernelContext(), x, y)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
    }

    private static void expect(Kind kind, ThrowingCallable run, String... words) {
        assertThatThrownBy(run).isInstanceOfSatisfying(KernelFault.class,
                fault -> org.assertj.core.api.Assertions.assertThat(fault.kind())
                        .as(fault.getMessage())
                        .isEqualTo(kind))
                .hasMessageContainingAll(words);
    }
}
