package dev.kvasir.benchmarks;

import dev.kvasir.kernels.digest.DigestKind;
import org.openjdk.jmh.annotations.Benchmark;

/** The digest of one full page, for all KV heads. */
public class PageDigestBenchmark extends LayerPages {

    @Benchmark
    public void cuboid() {
        for (int head = 0; head < HEADS; head++) {
            digest.digest(DigestKind.CUBOID_MEAN, 0, head, digestFrames, 0);
        }
    }

    @Benchmark
    public void corners() {
        for (int head = 0; head < HEADS; head++) {
            digest.digest(DigestKind.CUBOID_CORNERS, 0, head, cornerFrames, 0);
        }
    }
}
