package dev.kvasir.kernels.attention.reference;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.FrameArray;

/** Causal attention of a run of queries, as when a prompt is read: {@link PagedAttention} of one query after the other. */
public final class CausalAttention {
    private CausalAttention() {}

    /**
     * Attends queries at positions {@code firstPosition ..}; query {@code i} sees tokens {@code 0 .. firstPosition + i}.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param lists the frames of each selection group in page order, with at least {@code firstPosition + tokens} tokens
     * @param out receives {@code [tokens][queryHeads][headDim]}
     * @param logits receives {@code [tokens][queryHeads][stride]}, the score of each token that the query sees; empty for
     *            nowhere
     * @param logSums receives {@code [tokens][queryHeads]}: {@code log sum_t exp(s_t)}; only with {@code logits}
     */
    public static void attend(FrameArray frames, float[] q, int tokens, int queryHeads, int firstPosition,
            int[][] lists, float[] out, float[] logits, int stride, float[] logSums) {
        int headDim = frames.geometry().headDim();
        int groupHeads = queryHeads / lists.length;
        int shared = groupHeads / frames.geometry().heads();
        float[] partial = new float[PartialResult.size(headDim)];
        for (int i = 0; i < tokens; i++) {
            for (int h = 0; h < queryHeads; h++) {
                int row = i * queryHeads + h;
                int at = row * headDim;
                PagedAttention.attend(frames, lists[h / groupHeads], firstPosition + i + 1, h % groupHeads / shared, q,
                        at, partial, 0, logits, row * stride);
                if (logits.length > 0) {
                    logSums[row] = PartialResult.logSum(partial, 0, 1, partial.length, headDim);
                }
                PagedAttention.merge(partial, 0, 1, partial.length, headDim, out, at);
            }
        }
    }
}
