package dev.kvasir.benchmarks;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.vector.DigestScore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The importance of all pages of a layer for one query, from their digests. */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class DigestScoreBenchmark extends LayerPages {
    /** Query heads that share a KV head. */
    @Param({"1", "4"})
    public int shared;

    private DigestScore score;
    private float[] q;
    private float[] importance;

    @Setup
    public void prepare() {
        score = new DigestScore(frames, workers);
        q = RandomWeights.vector(HEADS * shared * headDim);
        importance = new float[list.length];
    }

    /** From cuboids. */
    @Benchmark
    public float cuboids() {
        score.score(DigestKind.CUBOID_MEAN, HeadAggregation.MEAN, digestFrames, importance.length, q, 0,
                HEADS * shared, importance);
        return importance[0];
    }

    /** From the corners at which keys lie. */
    @Benchmark
    public float corners() {
        score.score(DigestKind.CUBOID_CORNERS, HeadAggregation.MEAN, cornerFrames, importance.length, q, 0,
                HEADS * shared, importance);
        return importance[0];
    }
}
