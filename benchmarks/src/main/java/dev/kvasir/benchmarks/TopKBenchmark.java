package dev.kvasir.benchmarks;

import dev.kvasir.kernels.choice.vector.TopK;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The 40 best of all pages. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TopKBenchmark {
    private static final int WINNERS = 40;

    @Param({"512"})
    public int pages;

    private final TopK topK = new TopK();
    private final int[] winners = new int[WINNERS];
    private float[] importance = {};

    /** Makes importances of pages. */
    @Setup
    public void fill() {
        importance = RandomWeights.vector(pages);
    }

    @Benchmark
    public int select() {
        return topK.select(importance, 1, pages - 2, WINNERS, winners);
    }
}
