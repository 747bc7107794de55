package dev.kvasir.benchmarks;

import dev.kvasir.kernels.matrix.vector.MatVec;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.MachineProbe;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One token through a matrix too large for the caches. The counter {@code gigabytes} is the rate of bytes read per
 * second; {@code shareOfRead} is that as a share of a bare read of memory, measured just before in the same JVM.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class MatVecBenchmark {

    @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    TensorType type = TensorType.Q8_0;

    @Param("2048")
    int cols;

    @Param("131072")
    int rows;

    @Param("2")
    int threads;

    private Workers workers = new Workers(1);
    private PackedMatrix weights = PackedMatrix.pack(RandomWeights.matrix(TensorType.F32, 1, 1), workers);
    private Activation x = new Activation(1, 1);
    private MatVec product = new MatVec(workers, 1);
    private float[] y = new float[0];
    private double read;

    /** Bytes read, added up; JMH divides by time. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Counters {
        public double gigabytes;
        public double shareOfRead;

        @Setup(Level.Iteration)
        public void clear() {
            gigabytes = 0;
            shareOfRead = 0;
        }
    }

    @Setup
    public void pack() {
        workers = new Workers(threads);
        read = MachineProbe.read(workers, 512, 20).bytes() / 1e9;
        weights = PackedMatrix.pack(RandomWeights.matrix(type, rows, cols), workers);
        x = new Activation(1, cols);
        x.set(RandomWeights.vector(cols), 0, cols);
        product = new MatVec(workers, 1);
        y = new float[rows];
    }

    @TearDown
    public void close() {
        weights.close();
        workers.close();
    }

    @Benchmark
    public float[] matVec(Counters counters) {
        product.multiply(x, weights, y);
        counters.gigabytes += weights.bytesRead() / 1e9;
        counters.shareOfRead += weights.bytesRead() / 1e9 / read;
        return y;
    }
}
