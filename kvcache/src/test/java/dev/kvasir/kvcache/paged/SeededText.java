package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvSequence;
import java.util.SplittableRandom;

/** Queries, keys and values that depend on layer and position alone, so that two sequences can be given the same. */
final class SeededText {
    private static final int CHUNK = 512;

    private SeededText() {}

    /** Reads tokens {@code from..to-1} in chunks; returns the outputs of the last layer. */
    static float[] read(KvSequence sequence, CacheShape shape, int from, int to) {
        float[] outputs = {};
        sequence.beginPrefill(to - from);
        for (int layer = 0; layer < shape.layers(); layer++) {
            outputs = new float[(to - from) * shape.queryWidth()];
            for (int first = from; first < to; first += CHUNK) {
                int count = Math.min(CHUNK, to - first);
                float[] out = new float[count * shape.queryWidth()];
                sequence.prefill(layer, rows(0, layer, first, count, shape.queryWidth()),
                        rows(1, layer, first, count, shape.kvWidth()), rows(2, layer, first, count, shape.kvWidth()),
                        count, out);
                System.arraycopy(out, 0, outputs, (first - from) * shape.queryWidth(), out.length);
            }
            sequence.endPrefill(layer);
        }
        return outputs;
    }

    /** Runs steps at positions {@code first..}; returns the outputs of all layers, {@code [steps][layers][queryWidth]}. */
    static float[] decode(KvSequence sequence, CacheShape shape, int first, int steps) {
        float[] decoded = new float[steps * shape.layers() * shape.queryWidth()];
        for (int step = 0; step < steps; step++) {
            sequence.beginStep();
            for (int layer = 0; layer < shape.layers(); layer++) {
                sequence.step(layer, rows(0, layer, first + step, 1, shape.queryWidth()), 0,
                        rows(1, layer, first + step, 1, shape.kvWidth()), 0,
                        rows(2, layer, first + step, 1, shape.kvWidth()), 0, decoded,
                        (step * shape.layers() + layer) * shape.queryWidth());
            }
        }
        return decoded;
    }

    private static float[] rows(int kind, int layer, int first, int count, int width) {
        float[] rows = new float[count * width];
        for (int i = 0; i < count; i++) {
            var random = new SplittableRandom(((long) (first + i) * 7 + layer) * 3 + kind);
            for (int d = 0; d < width; d++) {
                rows[i * width + d] = (float) random.nextGaussian();
            }
        }
        return rows;
    }
}
