package dev.kvasir.benchmarks.tornado;

import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.Parts;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention2Group;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention3Split;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.Heads;
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

/**
 * Decode attention of one layer with 8 KV heads and pages of 32 tokens, step by step of the ladder. A launch reads
 * {@code 2 * 8 * tokens * headDim} numbers of 4 bytes, or of 2 in the step {@code 4-half}: that over the time is the speed
 * to compare with the device's copy bandwidth.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Dtornado.recover.bailout=False")
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class PagedAttentionLadderBenchmark {
    private static final int PAGE_SIZE = 32;
    private static final int HEADS = 8;

    /** The step of the ladder. */
    @Param({"1", "2", "3", "4", "4-half"})
    public String step;

    /** Tokens attended. */
    @Param({"16384"})
    public int tokens;

    /** Query heads that share a KV head. */
    @Param({"1", "4"})
    public int shared;

    @Param({"64", "128"})
    public int headDim;

    /** Parts that the list is cut into, from step 3 on. */
    @Param({"64"})
    public int parts;

    private Launches launches;
    private PageGeometry geometry;
    private FloatArray q;
    private FrameBuffer frames;
    private IntArray list;
    private IntArray count;
    private FloatArray partials;
    private FloatArray out;

    @Setup
    public void fill() {
        geometry = new PageGeometry(PAGE_SIZE, HEADS, headDim, step.equals("4-half") ? KvType.F16 : KvType.F32);
        int pages = tokens / PAGE_SIZE;
        var random = new Random(1);
        frames = FrameBuffer.of(geometry, pages);
        var memory = frames.array().getSegment();
        int bytes = geometry.type().bytes();
        for (long i = 0; i < FrameArray.bytes(geometry, pages) / bytes; i++) {
            Elements.put(geometry.type(), memory, i * bytes, random.nextFloat() - 0.5f);
        }
        int[] order = new int[pages];
        for (int i = 0; i < pages; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        list = IntArray.fromArray(order);
        count = IntArray.fromElements(tokens);
        q = new FloatArray(HEADS * shared * headDim);
        for (int i = 0; i < q.getSize(); i++) {
            q.set(i, (float) random.nextGaussian());
        }
        partials = new FloatArray(HEADS * shared * parts * PagedAttention.partialSize(headDim));
        out = new FloatArray(q.getSize());
        launches = new Launches(out, this::add, q, frames.array(), list, count, partials);
        checkFirstHead(new FrameArray(geometry, memory, pages), order);
    }

    private void add(TaskList tasks, int number) {
        String attend = "attend" + number;
        var heads = new Heads(1, HEADS * shared);
        var all = new Parts(0, parts, parts);
        switch (step) {
            case "1" -> PagedAttention1Naive.addTo(tasks, attend, q, (Floats) frames, list, count, out, heads);
            case "2" -> PagedAttention2Group.addTo(tasks, attend, q, (Floats) frames, list, count, out, heads);
            case "3" -> PagedAttention3Split.addTo(tasks, attend, q, (Floats) frames, list, count, partials, heads,
                    all);
            case "4", "4-half" -> PagedAttention.addTo(tasks, attend, q, frames, list, count, partials, heads, all);
            default -> throw new IllegalArgumentException("step %s: there are 1, 2, 3, 4 and 4-half".formatted(step));
        }
        if (!step.equals("1") && !step.equals("2")) {
            PagedAttention.addMergeTo(tasks, "merge" + number, partials, count, count, out, geometry, heads, parts, 0);
        }
    }

    private void checkFirstHead(FrameArray view, int[] order) {
        float[] partial = new float[headDim + 2];
        float[] expected = new float[headDim];
        dev.kvasir.kernels.attention.reference.PagedAttention.attend(view, order, tokens, 0, q.toHeapArray(), 0,
                partial, 0);
        dev.kvasir.kernels.attention.reference.PagedAttention.merge(partial, 0, 1, headDim + 2, headDim, expected, 0);
        for (int d = 0; d < headDim; d++) {
            if (!(Math.abs(out.get(d) - expected[d]) <= 1e-4)) {
                throw new IllegalStateException("step %s gives %s in dimension %d, the reference %s".formatted(step,
                        out.get(d), d, expected[d]));
            }
        }
    }

    @TearDown
    public void close() throws TornadoExecutionPlanException {
        launches.close();
    }

    @Benchmark
    @OperationsPerInvocation(Launches.COUNT)
    public FloatArray attend() {
        launches.run();
        return out;
    }
}
