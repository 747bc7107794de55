package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.plan.CacheShape;
import java.util.BitSet;
import java.util.List;

/** Softmax attention in double precision over any subset of tokens: what every list of pages must come to. */
public final class DenseAttention {
    private DenseAttention() {}

    /**
     * One query over the tokens that each selection group sees.
     *
     * @param keys {@code [tokens][kvHeads * headDim]}
     * @param seen {@code [groups]} of token numbers
     */
    public static float[] attend(CacheShape shape, float[] q, List<float[]> keys, List<float[]> values, BitSet[] seen) {
        int headDim = shape.headDim();
        float[] out = new float[shape.queryHeads() * headDim];
        for (int h = 0; h < shape.queryHeads(); h++) {
            int kvHead = h / (shape.queryHeads() / shape.kvHeads());
            var tokens = seen[kvHead / (shape.kvHeads() / seen.length)];
            double max = Double.NEGATIVE_INFINITY;
            double[] logits = new double[keys.size()];
            for (int t = tokens.nextSetBit(0); t >= 0; t = tokens.nextSetBit(t + 1)) {
                for (int d = 0; d < headDim; d++) {
                    logits[t] += (double) q[h * headDim + d] * keys.get(t)[kvHead * headDim + d];
                }
                logits[t] /= Math.sqrt(headDim);
                max = Math.max(max, logits[t]);
            }
            double sum = 0;
            double[] acc = new double[headDim];
            for (int t = tokens.nextSetBit(0); t >= 0; t = tokens.nextSetBit(t + 1)) {
                double weight = Math.exp(logits[t] - max);
                sum += weight;
                for (int d = 0; d < headDim; d++) {
                    acc[d] += weight * values.get(t)[kvHead * headDim + d];
                }
            }
            for (int d = 0; d < headDim; d++) {
                out[h * headDim + d] = (float) (acc[d] / sum);
            }
        }
        return out;
    }
}
