package dev.kvasir.benchmarks;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.PartialResults;
import dev.kvasir.kvcache.device.VectorKvDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one layer asks of the vector device in a decode step and in a chunk of a prompt, for 8 KV heads and half-float
 * pages of 32 tokens. {@link #readFrames} moves the bytes that {@link #decode} reads, and nothing else: their ratio is
 * the share of the memory's speed that attention reaches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class PageKernelBenchmark {
    private static final int PAGE_SIZE = 32;
    private static final int HEADS = 8;
    private static final int PREFILL_QUERIES = 512;
    private static final int WINNERS = 40;

    /** Tokens attended. */
    @Param({"16384"})
    public int tokens;

    /** Query heads that share a KV head. */
    @Param({"1", "4"})
    public int shared;

    @Param({"64", "128"})
    public int headDim;

    /** Workers in the team. */
    @Param({"2"})
    public int threads;

    private Workers workers;
    private VectorKvDevice device;
    private PartialResults state;
    private FrameList[] lists;
    private int[] digestFrames;
    private int[] cornerFrames;
    private float[] importance;
    private int[] winners;
    private float[] q;
    private float[] out;
    private float[] prefillQ;
    private float[] prefillOut;
    private MemorySegment[] copies; // one a worker

    @Setup
    public void fill() {
        var geometry = new PageGeometry(PAGE_SIZE, HEADS, headDim, KvType.F16);
        int pages = tokens / PAGE_SIZE;
        int sheets = (pages + PAGE_SIZE - 1) / PAGE_SIZE;
        digestFrames = IntStream.range(pages, pages + sheets).toArray();
        cornerFrames = IntStream.range(0, sheets * DigestKind.CUBOID_CORNERS.frames(geometry))
                .map(i -> pages + sheets + i)
                .toArray();
        workers = new Workers(threads);
        device = new VectorKvDevice(geometry, pages + sheets + cornerFrames.length, workers);
        var random = new Random(1);
        float[] keys = randoms(random, PAGE_SIZE * HEADS * headDim);
        lists = new FrameList[]{new FrameList()};
        for (int page = 0; page < pages; page++) {
            device.append(page, 0, PAGE_SIZE, keys, keys, 0, HEADS * headDim);
            device.digest(DigestKind.CUBOID_MEAN, page, digestFrames, page);
            device.digest(DigestKind.CUBOID_CORNERS, page, cornerFrames, page);
            lists[0].add(page, PAGE_SIZE);
        }
        int queryHeads = HEADS * shared;
        state = device.newPartialResults(queryHeads, 1, pages);
        importance = new float[pages];
        winners = new int[WINNERS];
        q = randoms(random, queryHeads * headDim);
        out = new float[q.length];
        prefillQ = randoms(random, PREFILL_QUERIES * queryHeads * headDim);
        prefillOut = new float[prefillQ.length];
        copies = new MemorySegment[threads];
        Arrays.setAll(copies, i -> MemorySegment.ofArray(new byte[Math.toIntExact(geometry.frameBytes())]));
    }

    private static float[] randoms(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    @TearDown
    public void close() {
        device.close();
        workers.close();
    }

    /** Copies every attended frame into the cache of one core a worker: the floor for {@link #decode}. */
    @Benchmark
    public byte readFrames() {
        int pages = tokens / PAGE_SIZE;
        workers.forEachRange(pages, 8, (worker, from, to) -> {
            for (int page = from; page < to; page++) {
                copies[worker].copyFrom(device.frame(page));
            }
        });
        return copies[0].get(ValueLayout.JAVA_BYTE, 0);
    }

    /** One query over all tokens. */
    @Benchmark
    public float decode() {
        device.attend(q, 0, lists, state);
        device.merge(state, out, 0);
        return out[0];
    }

    /** The last 512 queries of a prompt over all tokens. */
    @Benchmark
    public float prefill() {
        device.prefill(prefillQ, PREFILL_QUERIES, HEADS * shared, tokens - PREFILL_QUERIES, lists, prefillOut);
        return prefillOut[0];
    }

    /** The estimates of all pages. */
    @Benchmark
    public float score() {
        device.score(DigestKind.CUBOID_MEAN, HeadAggregation.MEAN, digestFrames, importance.length, q, 0,
                HEADS * shared,
                importance);
        return importance[0];
    }

    /** The same from the corners at which keys lie. */
    @Benchmark
    public float scoreCorners() {
        device.score(DigestKind.CUBOID_CORNERS, HeadAggregation.MEAN, cornerFrames, importance.length, q, 0,
                HEADS * shared, importance);
        return importance[0];
    }

    /** The best pages of all. */
    @Benchmark
    public int select() {
        return device.select(importance, 1, importance.length - 2, WINNERS, winners);
    }

    /** One full page. */
    @Benchmark
    public void digest() {
        device.digest(DigestKind.CUBOID_MEAN, 0, digestFrames, 0);
    }
}
