package dev.kvasir.benchmarks.tornado;

import dev.kvasir.benchmarks.RandomWeights;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.matrix.tornado.MatMul;
import dev.kvasir.kernels.matrix.tornado.MatMulUnits;
import dev.kvasir.kernels.matrix.tornado.MatVec;
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
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A chunk of a prompt through an F16 matrix: token by token, in blocks, and on matrix units (a device that has them). A
 * launch takes {@code 2 * tokens * rows * cols} operations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Dtornado.recover.bailout=False")
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class MatMulLadderBenchmark {

    /** The step of the ladder. */
    @Param({"tokens", "blocks", "units"})
    public String step;

    @Param("512")
    public int tokens;

    @Param("4096")
    public int rows;

    @Param("4096")
    public int cols;

    private Launches launches;
    private DeviceMatrix weights;
    private IntArray active;
    private FloatArray x;
    private HalfFloatArray rounded;
    private FloatArray y;

    @Setup
    public void fill() {
        weights = DeviceMatrix.of(true, RandomWeights.matrix(TensorType.F16, rows, cols));
        active = IntArray.fromElements(tokens);
        x = FloatArray.fromArray(RandomWeights.vector(tokens * cols));
        rounded = new HalfFloatArray(tokens * cols);
        y = new FloatArray(tokens * rows);
        List<Object> arrays = new ArrayList<>(weights.arrays());
        arrays.add(active);
        arrays.add(x);
        arrays.add(rounded);
        launches = new Launches(y, this::add, arrays.toArray());
    }

    private void add(TaskList tasks, int number) {
        String name = "multiply" + number;
        switch (step) {
            case "tokens" -> MatVec.addTo(tasks, name, active, weights, x, y, tokens);
            case "blocks" -> MatMul.addTo(tasks, name, active, weights, x, y, tokens);
            case "units" -> MatMulUnits.addTo(tasks, name, active, weights, x, rounded, y, tokens);
            default -> throw new IllegalArgumentException("step %s: there are tokens, blocks and units".formatted(
                    step));
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
