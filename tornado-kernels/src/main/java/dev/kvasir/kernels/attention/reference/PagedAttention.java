package dev.kvasir.kernels.attention.reference;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;

/**
 * Attention of one query head to the tokens of listed frames.
 *
 * <p>Scores are {@code s_t = q.k_t / sqrt(headDim)}. The result is a {@link PartialResult}; those of disjoint tokens merge
 * into that of their union: {@link #merge}.
 */
public final class PagedAttention {
    private static final float[] UNOBSERVED = {};

    private PagedAttention() {}

    /**
     * Writes the partial result of one query head.
     *
     * @param list frames in page order, all full but the last
     * @param tokens tokens in them, at least 1
     * @param head the KV head within the frame
     * @param q {@code [headDim]} from {@code qOffset}
     * @param partial receives a {@link PartialResult} from {@code partialOffset}
     */
    public static void attend(FrameArray frames, int[] list, int tokens, int head, float[] q, int qOffset,
            float[] partial, int partialOffset) {
        attend(frames, list, tokens, head, q, qOffset, partial, partialOffset, UNOBSERVED, 0);
    }

    /**
     * As the other {@code attend}, and leaves the scores.
     *
     * @param logits receives {@code s_t} of each token from {@code logitsOffset}; empty for nowhere
     */
    public static void attend(FrameArray frames, int[] list, int tokens, int head, float[] q, int qOffset,
            float[] partial, int partialOffset, float[] logits, int logitsOffset) {
        var geometry = frames.geometry();
        int headDim = geometry.headDim();
        int pageSize = geometry.pageSize();
        double scale = 1 / Math.sqrt(headDim);
        double[] scores = new double[tokens];
        double max = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < tokens; t++) {
            long frame = frames.offset(list[t / pageSize]);
            double dot = 0;
            for (int d = 0; d < headDim; d++) {
                dot += (double) q[qOffset + d] * Elements.get(geometry.type(), frames.memory(),
                        frame + geometry.keyOffset(head, t % pageSize, d));
            }
            scores[t] = dot * scale;
            max = Math.max(max, scores[t]);
        }
        for (int t = 0; t < tokens && logits.length > 0; t++) {
            logits[logitsOffset + t] = (float) scores[t];
        }
        double sum = 0;
        double[] acc = new double[headDim];
        for (int t = 0; t < tokens; t++) {
            long frame = frames.offset(list[t / pageSize]);
            double weight = Math.exp(scores[t] - max);
            sum += weight;
            for (int d = 0; d < headDim; d++) {
                acc[d] += weight * Elements.get(geometry.type(), frames.memory(),
                        frame + geometry.valueOffset(head, t % pageSize, d));
            }
        }
        double rounding = Math.exp(max - (float) max); // sum and acc must belong to the maximum as it is stored
        for (int d = 0; d < headDim; d++) {
            partial[partialOffset + d] = (float) (acc[d] * rounding);
        }
        partial[partialOffset + headDim] = (float) max;
        partial[partialOffset + headDim + 1] = (float) (sum * rounding);
    }

    /**
     * Merges {@code parts} partial results, {@code partStride} numbers apart, in their order, into the attention output:
     * {@code out = sum_p exp(max_p - M) acc_p / sum_p exp(max_p - M) sum_p}, with {@code M} the largest maximum. No parts
     * give zeros.
     */
    public static void merge(float[] partials, int offset, int parts, int partStride, int headDim, float[] out,
            int outOffset) {
        float max = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < parts; p++) {
            max = Math.max(max, partials[offset + p * partStride + headDim]);
        }
        double sum = 0;
        double[] acc = new double[headDim];
        for (int p = 0; p < parts; p++) {
            int from = offset + p * partStride;
            double weight = Math.exp(partials[from + headDim] - max);
            sum += weight * partials[from + headDim + 1];
            for (int d = 0; d < headDim; d++) {
                acc[d] += weight * partials[from + d];
            }
        }
        for (int d = 0; d < headDim; d++) {
            out[outOffset + d] = parts == 0 ? 0 : (float) (acc[d] / sum);
        }
    }
}
