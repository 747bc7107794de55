package dev.kvasir.sim;

import dev.kvasir.sim.MemoryReport.Line;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Counts of small kernels that one can do by hand. */
final class MemoryReportTest {

    @Test
    void neighboursThatReadNeighboursMoveFewSectors() {
        Line read = line(run(MemoryReportTest::stride, 1), "get x");
        assertThat(read.requests()).as("two warps in each of two groups").isEqualTo(4);
        assertThat(read.bytes()).isEqualTo(4 * 32 * Float.BYTES);
        assertThat(read.sectors()).as("a header of 16 bytes puts 128 bytes into 5 sectors").isEqualTo(4 * 5);
        assertThat(read.efficiency()).isEqualTo(0.8);
    }

    @Test
    void neighboursThatReadFarApartMoveASectorEach() {
        Line read = line(run(MemoryReportTest::stride, 8), "get x");
        assertThat(read.sectors()).isEqualTo(4 * 32);
        assertThat(read.efficiency()).isEqualTo(0.125);
    }

    @Test
    void oneElementForAllIsOneSector() {
        Line read = line(run(MemoryReportTest::stride, 0), "get x");
        assertThat(read.sectors()).isEqualTo(4);
        assertThat(read.bytes()).isEqualTo(4 * Float.BYTES);
    }

    @Test
    void powerOfTwoStridesCollideInTheBanks() {
        assertThat(line(run(MemoryReportTest::banks, 1), "store tile").conflicts()).isZero();
        assertThat(line(run(MemoryReportTest::banks, 2), "store tile").conflicts()).isEqualTo(4);
        assertThat(line(run(MemoryReportTest::banks, 32), "store tile").conflicts()).isEqualTo(4 * 31);
        assertThat(line(run(MemoryReportTest::banks, 33), "store tile").conflicts()).isZero();
    }

    @Test
    void paddedTileHasNoConflicts() {
        FloatArray x = CorrectKernelsTest.random(64 * 64);
        var y = new FloatArray(64 * 64);
        var grid = new WorkerGrid2D(64, 64);
        grid.setLocalWork(Kernels.TILE, Kernels.TILE, 1);
        try (var report = MemoryReport.open()) {
            CorrectKernelsTest.run(grid, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                    .task("t", Kernels::transposeTiled, new KernelContext(), x, y, 64, 64));
            assertThat(line(report, "load tile").requests()).isEqualTo(64 * 2);
            assertThat(line(report, "set y").efficiency()).isEqualTo(line(report, "get x").efficiency());
            assertThat(report.toString()).contains("Kernels.transposeTiled", "Kernels.java:", "load tile");
        }
    }

    @Test
    void reportIsOpenOnceAThread() {
        try (var report = MemoryReport.open()) {
            assertThatThrownBy(MemoryReport::open).hasMessageContaining("close it first");
            assertThat(report.lines()).isEmpty();
        }
        assertThat(MemoryReport.current()).isNull();
    }

    private static void stride(KernelContext context, FloatArray x, FloatArray y, int stride) {
        y.set(context.globalIdx, x.get(context.globalIdx * stride));
    }

    private static void banks(KernelContext context, FloatArray x, FloatArray y, int stride) {
        float[] tile = context.allocateFloatLocalArray(64 * 33);
        int lane = context.localIdx;
        tile[lane * stride] = x.get(context.globalIdx);
        y.set(context.globalIdx, tile[lane * stride]);
    }

    private static MemoryReport run(Task4<KernelContext, FloatArray, FloatArray, Integer> kernel, int stride) {
        var x = new FloatArray(128 * 8);
        var y = new FloatArray(128);
        WorkerGrid grid = CorrectKernelsTest.groups(128, 64);
        try (var report = MemoryReport.open()) {
            CorrectKernelsTest.run(grid, g -> g.transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                    .task("t", kernel, new KernelContext(), x, y, stride));
            return report;
        }
    }

    private static Line line(MemoryReport report, String what) {
        return report.lines().stream().filter(l -> l.use().what().equals(what)).findFirst().orElseThrow();
    }
}
