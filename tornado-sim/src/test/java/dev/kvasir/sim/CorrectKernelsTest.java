package dev.kvasir.sim;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

import static org.assertj.core.api.Assertions.assertThat;

/** Kernels without faults give the results of the same code in Java, and nothing is found in them. */
final class CorrectKernelsTest {
    private final KernelContext context = new KernelContext();

    @Test
    void parallelLoopComputesEveryElement() {
        FloatArray x = random(37);
        FloatArray y = random(37);
        float[] expected = y.toHeapArray();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = 3f * x.get(i) + expected[i];
        }
        run(null, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, y)
                .task("t", Kernels::saxpy, x, y, 3f)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        assertThat(y.toHeapArray()).containsExactly(expected);
    }

    @Test
    void nestedParallelLoopsComputeEveryElement() {
        FloatArray x = random(5 * 7);
        var y = new FloatArray(5 * 7);
        run(null, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::transposeLoops, x, y, 5, 7)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        assertTransposed(x, y, 5, 7);
    }

    @Test
    void workItemsBeyondTheArrayMayReturnEarly() {
        FloatArray x = random(37);
        var y = new FloatArray(37);
        run(groups(48, 16), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::scale, context, x, y, 2f)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        for (int i = 0; i < 37; i++) {
            assertThat(y.get(i)).isEqualTo(2f * x.get(i));
        }
    }

    @Test
    void reductionInLocalMemorySeesAllWorkItems() {
        FloatArray x = random(150);
        var sums = new FloatArray(5);
        run(groups(160, 32), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::sum, context, x, sums)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, sums));
        for (int group = 0; group < 5; group++) {
            double sum = 0;
            for (int i = group * 32; i < Math.min(150, group * 32 + 32); i++) {
                sum += x.get(i);
            }
            assertThat((double) sums.get(group)).isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    @Test
    void helperThatWaitsMayStandInsideAnExpression() {
        FloatArray x = random(128);
        var y = new FloatArray(128);
        run(groups(128, 64), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::reverse, context, x, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        for (int i = 0; i < 128; i++) {
            assertThat(y.get(i)).isEqualTo(2 * x.get(i / 64 * 64 + 63 - i % 64));
        }
    }

    @Test
    void tiledTransposeMovesEveryElement() {
        FloatArray x = random(19 * 13);
        var y = new FloatArray(19 * 13);
        var grid = new WorkerGrid2D(16, 24);
        grid.setLocalWork(Kernels.TILE, Kernels.TILE, 1);
        run(grid, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::transposeTiled, context, x, y, 19, 13)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        assertTransposed(x, y, 19, 13);
    }

    @Test
    void atomicAdditionsToGlobalMemoryAllCount() {
        var x = new ByteArray(64);
        for (int i = 0; i < 64; i++) {
            x.set(i, (byte) (i * i));
        }
        var counts = new IntArray(4);
        run(groups(64, 16), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x, counts)
                .task("t", Kernels::histogram, context, x, counts)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, counts));
        assertThat(counts.toHeapArray()).containsExactly(32, 32, 0, 0);
    }

    @Test
    void halfFloatsAreRoundedToSixteenBits() {
        var x = new HalfFloatArray(4);
        for (int i = 0; i < 4; i++) {
            x.set(i, new HalfFloat(1.1f * i));
        }
        var y = new HalfFloatArray(4);
        run(groups(4, 4), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Kernels::halves, context, x, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y));
        for (int i = 0; i < 4; i++) {
            assertThat(y.get(i).getFloat32()).isEqualTo(2 * x.get(i).getFloat32());
        }
    }

    @Test
    void everythingThatIsStillNeededSurvivesABarrier() {
        var in = new IntArray(32);
        for (int i = 0; i < 32; i++) {
            in.set(i, i * i);
        }
        var out = new LongArray(32);
        run(groups(32, 16), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, in)
                .task("t", Kernels::keeps, context, in, out, 3)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, out));
        assertThat(out.toHeapArray()).containsExactly(kept(in, 3));
    }

    private static long[] kept(IntArray in, int rounds) {
        var sums = new long[32];
        for (int i = 0; i < 32; i++) {
            sums[i] = in.get(i);
        }
        for (int round = rounds; round > 0; round--) {
            for (int k = 0; k < 3; k++) {
                long[] before = sums.clone();
                for (int i = 0; i < 32; i++) {
                    int lane = i % 16;
                    long next = (int) before[i / 16 * 16 + (lane + 1) % 16] + k;
                    sums[i] += (lane % 2 == 1 ? next : -next) + lane + 2 * lane + 1;
                }
            }
            for (int i = 0; i < 32; i++) {
                sums[i] += i % 16 * 100L + round;
            }
        }
        return sums;
    }

    @Test
    void loopsSwitchesAndLabelsRunAsInJava() {
        var in = new IntArray(32);
        for (int i = 0; i < 32; i++) {
            in.set(i, i * 7);
        }
        var out = new IntArray(32);
        run(groups(32, 8), g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, in)
                .task("t", Kernels::control, context, in, out)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, out));
        for (int i = 0; i < 32; i++) {
            assertThat(out.get(i)).isEqualTo(control(i * 7));
        }
    }

    private static int control(int v) {
        int[] seen = new int[4];
        int steps = 0;
        while ((v & 3) != 3) {
            v = (v & 3) == 0 ? v + 5 : (v & 3) == 1 ? 3 * v + 1 : v - 1;
            seen[v & 3]++;
            if (++steps > 20) {
                break;
            }
        }
        long total = 0;
        for (int k = 0; k < 4; k++) {
            total += (long) seen[k] << k;
        }
        return (int) (total + (v > 1000 ? 2 : v > 100 ? 1 : 0)) + Math.abs(-v);
    }

    private static void assertTransposed(FloatArray x, FloatArray y, int rows, int cols) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                assertThat(y.get(c * rows + r)).isEqualTo(x.get(r * cols + c));
            }
        }
    }

    static FloatArray random(int size) {
        var random = new Random(size);
        var array = new FloatArray(size);
        for (int i = 0; i < size; i++) {
            array.set(i, random.nextFloat() - 0.5f);
        }
        return array;
    }

    static WorkerGrid groups(int items, int group) {
        var grid = new WorkerGrid1D(items);
        grid.setLocalWork(group, 1, 1);
        return grid;
    }

    /** Runs a graph named g whose task is named t. */
    static void run(@org.jspecify.annotations.Nullable WorkerGrid grid, UnaryOperator<TaskGraph> build) {
        TaskGraph graph = build.apply(new TaskGraph("g"));
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            if (grid != null) {
                plan.withGridScheduler(new GridScheduler("g.t", grid));
            }
            plan.execute();
        } catch (TornadoExecutionPlanException e) {
            throw new AssertionError(e);
        }
    }
}
