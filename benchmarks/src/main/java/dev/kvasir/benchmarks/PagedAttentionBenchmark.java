package dev.kvasir.benchmarks;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.attention.vector.Merge;
import dev.kvasir.kernels.attention.vector.PagedAttention;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One query over all tokens of a layer. {@link #readFrames} moves the bytes that {@link #attend} reads, and nothing else:
 * their ratio is the share of the memory's speed that attention reaches.
 */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class PagedAttentionBenchmark extends LayerPages {
    /** Query heads that share a KV head. */
    @Param({"1", "4"})
    public int shared;

    private PagedAttention attention;
    private Merge merge;
    private PagedAttention.Partials[] partials;
    private float[][] records;
    private int[] parts;
    private float[] q;
    private float[] out;
    private MemorySegment[] copies; // one for each worker

    @Setup
    public void prepare() {
        int queryHeads = HEADS * shared;
        attention = new PagedAttention(frames, workers);
        merge = new Merge(headDim, workers);
        parts = new int[]{PagedAttention.chunks(tokens)};
        records = new float[][]{new float[parts[0] * queryHeads * PartialResult.size(headDim)]};
        partials = new PagedAttention.Partials[]{new PagedAttention.Partials()};
        partials[0].attend(list, tokens, records[0], 0);
        q = RandomWeights.vector(queryHeads * headDim);
        out = new float[q.length];
        copies = new MemorySegment[threads];
        int bytes = Math.toIntExact(frames.geometry().frameBytes());
        Arrays.setAll(copies, i -> MemorySegment.ofArray(new byte[bytes]));
    }

    /** Copies every attended frame into the cache of one core for each worker: the floor for {@link #attend}. */
    @Benchmark
    public byte readFrames() {
        long bytes = frames.geometry().frameBytes();
        workers.forEachRange(list.length, 8, (worker, from, to) -> {
            for (int page = from; page < to; page++) {
                MemorySegment.copy(frames.memory(), frames.offset(page), copies[worker], 0, bytes);
            }
        });
        return copies[0].get(ValueLayout.JAVA_BYTE, 0);
    }

    /** Partial results of all chunks, and their merge. */
    @Benchmark
    public float attend() {
        attention.attend(q, 0, HEADS * shared, partials);
        merge.merge(records, parts, HEADS * shared, out, 0);
        return out[0];
    }
}
