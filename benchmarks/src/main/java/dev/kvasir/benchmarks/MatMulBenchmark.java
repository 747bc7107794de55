package dev.kvasir.benchmarks;

import dev.kvasir.kernels.matrix.vector.MatMul;
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
 * A prompt's tokens through one matrix. The counter {@code gigaflops} counts a multiply-add as two;
 * {@code shareOfPeak} is that as a share of the machine's f32 peak, measured just before in the same JVM.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class MatMulBenchmark {

    @Param({"F16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    TensorType type = TensorType.Q8_0;

    @Param("2048")
    int cols;

    @Param("2048")
    int rows;

    @Param("512")
    int tokens;

    @Param("2")
    int threads;

    private Workers workers = new Workers(1);
    private PackedMatrix weights = PackedMatrix.pack(RandomWeights.matrix(TensorType.F32, 1, 1), workers);
    private float[] x = new float[0];
    private MatMul product = new MatMul(workers);
    private float[] y = new float[0];
    private double peak;

    /** Work done, added up; JMH divides by time. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Counters {
        public double gigaflops;
        public double shareOfPeak;

        @Setup(Level.Iteration)
        public void clear() {
            gigaflops = 0;
            shareOfPeak = 0;
        }
    }

    @Setup
    public void pack() {
        workers = new Workers(threads);
        peak = MachineProbe.multiplyAddPeak(workers, 20) / 1e9;
        weights = PackedMatrix.pack(RandomWeights.matrix(type, rows, cols), workers);
        x = RandomWeights.vector(tokens * cols);
        product = new MatMul(workers);
        y = new float[tokens * rows];
    }

    @TearDown
    public void close() {
        weights.close();
        workers.close();
    }

    @Benchmark
    public float[] matMul(Counters counters) {
        product.multiply(x, 0, tokens, weights, y);
        double work = 2e-9 * tokens * rows * cols;
        counters.gigaflops += work;
        counters.shareOfPeak += work / peak;
        return y;
    }
}
