package dev.kvasir.benchmarks;

import dev.kvasir.kernels.attention.vector.CausalAttention;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The last 512 queries of a prompt over all tokens of a layer. */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class CausalAttentionBenchmark extends LayerPages {
    private static final int QUERIES = 512;

    /** Query heads that share a KV head. */
    @Param({"1", "4"})
    public int shared;

    private CausalAttention attention;
    private int[][] lists;
    private int[] before;
    private float[] q;
    private float[] out;

    @Setup
    public void prepare() {
        attention = new CausalAttention(frames, workers);
        lists = new int[][]{list};
        before = new int[]{tokens - QUERIES};
        q = RandomWeights.vector(QUERIES * HEADS * shared * headDim);
        out = new float[q.length];
    }

    @Benchmark
    public float attend() {
        attention.attend(q, QUERIES, HEADS * shared, before, lists, out);
        return out[0];
    }
}
