package dev.kvasir.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one thread of Java multiplies and adds at most, in multiply-adds a nanosecond and from the first-level cache: f32
 * by the Vector API, and whole numbers by the only way there is to the machine's 16-bit dot products, a loop that C2 turns
 * into them. It bounds what reading a prompt can reach.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@State(Scope.Benchmark)
public class MultiplyAddBenchmark {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int NUMBERS = 2048;
    private static final int TURNS = 64;
    private static final int SUMS = 8;

    private final float[] x = new float[NUMBERS];
    private final short[] a = new short[2 * NUMBERS];
    private final short[] b = new short[2 * NUMBERS];
    private final int[] sums = new int[NUMBERS];

    /** Fills the operands. */
    @Setup
    public void fill() {
        var random = new Random(1);
        for (int i = 0; i < NUMBERS; i++) {
            x[i] = random.nextFloat();
        }
        for (int i = 0; i < 2 * NUMBERS; i++) {
            a[i] = (short) random.nextInt(-128, 128);
            b[i] = (short) random.nextInt(-128, 128);
        }
    }

    /** One operand in a register, one from the cache, as in a tile of a matrix product. */
    @Benchmark
    @OperationsPerInvocation(NUMBERS * SUMS)
    public float floats() {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int i = 0; i < NUMBERS; i += FLOATS.length()) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            s0 = v.fma(v, s0);
            s1 = v.fma(v, s1);
            s2 = v.fma(v, s2);
            s3 = v.fma(v, s3);
            s4 = v.fma(v, s4);
            s5 = v.fma(v, s5);
            s6 = v.fma(v, s6);
            s7 = v.fma(v, s7);
        }
        return s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).lane(0);
    }

    /** Pairs of 16-bit products added to 32-bit sums, which C2 keeps in memory. */
    @Benchmark
    @OperationsPerInvocation(2 * NUMBERS * TURNS)
    public int[] wholeNumbers() {
        for (int turn = 0; turn < TURNS; turn++) {
            addPairs(sums, a, b);
        }
        return sums;
    }

    private static void addPairs(int[] sums, short[] a, short[] b) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1];
        }
    }
}
