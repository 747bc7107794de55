package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec1Naive;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec2Group;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.sim.MemoryReport;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** What each step of the ladder buys, counted: a real device does not tell. */
class MatVecLadderTest {
    private static final int ROWS = 128;
    private static final int COLS = 4096;

    /** Sectors of 32 bytes that move for the quants and for {@code x}. */
    private record Sectors(long weights, long x) {}

    @Test
    void eachStepMovesLess() {
        assumeFalse(KernelContext.class.getModule().isNamed(), "only the simulator counts sectors");
        DeviceMatrix w = DeviceMatrix.of(true, Samples.matrix(TensorType.Q8_0, ROWS, COLS, new Random(1)));
        FloatArray x = FloatArray.fromArray(Samples.floats(COLS, new Random(2)));
        FloatArray y = new FloatArray(ROWS);
        IntArray active = IntArray.fromElements(1);
        Sectors naive = count(tasks -> MatVec1Naive.addTo(tasks, "y", w, x, y), active, w, x, y);
        Sectors group = count(tasks -> MatVec2Group.addTo(tasks, "y", w, x, y), active, w, x, y);
        Sectors fourRows = count(tasks -> MatVec.addTo(tasks, "y", active, w, x, y, 1), active, w, x, y);
        // a matrix of 4096 columns holds 128 sectors a row; the header of arrays adds a fifth one to each request of four
        assertThat(group.weights()).isEqualTo(ROWS * 128L * 5 / 4);
        assertThat(fourRows.weights()).isEqualTo(group.weights());
        assertThat(naive.weights()).isGreaterThan(6 * group.weights());
        assertThat(fourRows.x()).isEqualTo(group.x() / 4).isEqualTo(32_768);
    }

    private static Sectors count(Consumer<TaskList> kernel, Object... arrays) {
        try (var report = MemoryReport.open()) {
            TornadoRun.run(kernel, arrays);
            return new Sectors(sum(report, "get words"), sum(report, "get x"));
        }
    }

    private static long sum(MemoryReport report, String what) {
        return report.lines()
                .stream()
                .filter(line -> line.use().what().equals(what))
                .mapToLong(MemoryReport.Line::sectors)
                .sum();
    }
}
