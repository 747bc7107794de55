package dev.kvasir.benchmarks.tornado;

import dev.kvasir.benchmarks.RandomWeights;
import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.matrix.tornado.MatVec;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec1Naive;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec2Group;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One token through a matrix too large for a device's caches, step by step of the ladder. A launch reads
 * {@code type.bytes(rows * cols)} bytes of weights: that over the time is the speed to compare with the device's copy
 * bandwidth.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Dtornado.recover.bailout=False")
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class MatVecLadderBenchmark {

    /** The step of the ladder. */
    @Param({"1", "2", "3"})
    public String step;

    @Param({"F32", "F16", "Q8_0", "Q4_0"})
    public TensorType type;

    @Param("32768")
    public int rows;

    @Param("4096")
    public int cols;

    private Launches launches;
    private DeviceMatrix weights;
    private IntArray active;
    private FloatArray x;
    private FloatArray y;

    @Setup
    public void fill() {
        Matrix matrix = RandomWeights.matrix(type, rows, cols);
        weights = DeviceMatrix.of(Devices.all().getFirst().half(), matrix);
        active = IntArray.fromElements(1);
        x = FloatArray.fromArray(RandomWeights.vector(cols));
        y = new FloatArray(rows);
        List<Object> arrays = new ArrayList<>(weights.arrays());
        arrays.add(active);
        arrays.add(x);
        launches = new Launches(y, this::add, arrays.toArray());
        check(matrix);
    }

    private void add(TaskList tasks, int number) {
        String name = "multiply" + number;
        switch (step) {
            case "1" -> MatVec1Naive.addTo(tasks, name, weights, x, y);
            case "2" -> MatVec2Group.addTo(tasks, name, weights, x, y);
            case "3" -> MatVec.addTo(tasks, name, active, weights, x, y, 1);
            default -> throw new IllegalArgumentException("step %s: there are 1, 2 and 3".formatted(step));
        }
    }

    private void check(Matrix matrix) {
        int few = Math.min(rows, 5);
        var top = new Matrix(type, matrix.data().asSlice(0, few * matrix.rowBytes()), few, cols);
        float[] expected = new float[few];
        dev.kvasir.kernels.matrix.reference.MatVec.multiply(top, x.toHeapArray(), 0, expected, 0);
        for (int row = 0; row < few; row++) {
            if (!(Math.abs(y.get(row) - expected[row]) <= 1e-3 * Math.max(1, Math.abs(expected[row])))) {
                throw new IllegalStateException("step %s gives %s in row %d, the reference %s".formatted(step,
                        y.get(row), row, expected[row]));
            }
        }
    }

    @TearDown
    public void close() throws TornadoExecutionPlanException {
        launches.close();
    }

    @Benchmark
    @OperationsPerInvocation(Launches.COUNT)
    public FloatArray multiply() {
        launches.run();
        return y;
    }
}
