package dev.kvasir.benchmarks;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.vector.PageDigest;
import dev.kvasir.kernels.memory.BigMemory;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.PageAppend;
import dev.kvasir.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** The pages of one layer and their digests, for the benchmarks of page kernels: 8 KV heads, f16 pages of 32 tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public abstract class LayerPages {
    static final int PAGE_SIZE = 32;
    static final int HEADS = 8;

    /** Tokens in all pages. */
    @Param({"16384"})
    public int tokens;

    @Param({"64", "128"})
    public int headDim;

    /** Workers in the team. */
    @Param({"2"})
    public int threads;

    Workers workers;
    FrameArray frames;
    PageDigest digest;
    int[] list; // frames of pages
    int[] digestFrames; // of digests CUBOID_MEAN
    int[] cornerFrames; // of digests CUBOID_CORNERS
    float[] keys; // of one page
    private Arena arena;

    /** Writes and digests all pages. */
    @Setup
    public final void fill() {
        var geometry = new PageGeometry(PAGE_SIZE, HEADS, headDim, KvType.F16);
        int pages = tokens / PAGE_SIZE;
        int sheets = (pages + PAGE_SIZE - 1) / PAGE_SIZE;
        int corners = sheets * DigestKind.CUBOID_CORNERS.frames(geometry);
        list = IntStream.range(0, pages).toArray();
        digestFrames = IntStream.range(pages, pages + sheets).toArray();
        cornerFrames = IntStream.range(pages + sheets, pages + sheets + corners).toArray();
        workers = new Workers(threads);
        arena = Arena.ofShared();
        int count = pages + sheets + corners;
        frames = new FrameArray(geometry, BigMemory.allocate(arena, FrameArray.bytes(geometry, count)), count);
        digest = new PageDigest(frames);
        keys = RandomWeights.vector(PAGE_SIZE * HEADS * headDim);
        var append = new PageAppend(frames);
        for (int page = 0; page < pages; page++) {
            for (int head = 0; head < HEADS; head++) {
                append.append(page, head, 0, PAGE_SIZE, keys, keys, 0, HEADS * headDim);
                digest.digest(DigestKind.CUBOID_MEAN, page, head, digestFrames, page);
                digest.digest(DigestKind.CUBOID_CORNERS, page, head, cornerFrames, page);
            }
        }
    }

    /** Frees the pages. */
    @TearDown
    public final void close() {
        workers.close();
        arena.close();
    }
}
