package dev.kvasir.benchmarks.tornado;

import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.choice.tornado.ladder.TopK1ArgMax;
import dev.kvasir.kernels.choice.tornado.ladder.TopK2Rank;
import dev.kvasir.kernels.launch.TaskList;
import java.util.Arrays;
import java.util.Random;
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

/** Selection of the most important pages of one layer, step by step of the ladder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Dtornado.recover.bailout=False")
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class TopKLadderBenchmark {

    /** The step of the ladder. */
    @Param({"1", "2", "3"})
    public String step;

    /** Pages to select from. */
    @Param({"512", "4096", "16384"})
    public int pages;

    /** Pages to select. */
    @Param({"40"})
    public int k;

    /** Selections at a time: sequences times selection groups. */
    @Param({"1", "8"})
    public int tables;

    private Launches launches;
    private FloatArray values;
    private IntArray range;
    private IntArray scratch;
    private IntArray winners;
    private IntArray counts;

    @Setup
    public void fill() {
        var random = new Random(1);
        values = new FloatArray(tables * pages);
        for (int i = 0; i < values.getSize(); i++) {
            values.set(i, (float) random.nextGaussian());
        }
        range = new IntArray(3 * tables);
        for (int table = 0; table < tables; table++) {
            range.set(3 * table + 1, pages);
            range.set(3 * table + 2, k);
        }
        scratch = new IntArray(tables * pages);
        winners = new IntArray(tables * k);
        counts = new IntArray(tables);
        launches = new Launches(winners, this::add, values, range, scratch);
        check();
    }

    private void add(TaskList tasks, int number) {
        String select = "select" + number;
        switch (step) {
            case "1" -> TopK1ArgMax.addTo(tasks, select, values, range, scratch, winners, counts);
            case "2" -> TopK2Rank.addTo(tasks, select, values, range, scratch, winners, counts);
            case "3" -> TopK.addTo(tasks, select, values, range, scratch, winners, counts);
            default -> throw new IllegalArgumentException("step %s: there are 1, 2 and 3".formatted(step));
        }
    }

    private void check() {
        int[] expected = new int[k];
        for (int table = 0; table < tables; table++) {
            float[] row = Arrays.copyOfRange(values.toHeapArray(), table * pages, (table + 1) * pages);
            dev.kvasir.kernels.choice.reference.TopK.select(row, 0, pages, k, expected);
            if (!Arrays.equals(expected, Arrays.copyOfRange(winners.toHeapArray(), table * k, (table + 1) * k))) {
                throw new IllegalStateException("step %s selects other pages than the reference".formatted(step));
            }
        }
    }

    @TearDown
    public void close() throws TornadoExecutionPlanException {
        launches.close();
    }

    @Benchmark
    @OperationsPerInvocation(Launches.COUNT)
    public IntArray select() {
        launches.run();
        return winners;
    }
}
