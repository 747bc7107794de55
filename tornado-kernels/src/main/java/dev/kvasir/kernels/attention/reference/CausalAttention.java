package dev.kvasir.kernels.attention.reference;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.FrameArray;

/** Causal attention of a run of queries, as when a prompt is read: {@link PagedAttention} of one query after the other. */
public final class CausalAttention {
    private static final float[] UNOBSERVED = {};

    private CausalAttention() {}

    /**
     * Attends a run of queries; query {@code i} sees the first {@code before[list] + i + 1} tokens of a list.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param before tokens of each list before that of the first query
     * @param lists the frames of each selection group in page order, with at least {@code before + tokens} tokens
     * @param out receives {@code [tokens][queryHeads][headDim]}
     * @param logits receives {@code [tokens][queryHeads][stride]}, the score of each token that the query sees; empty for
     *            nowhere
     * @param logSums receives {@code [tokens][queryHeads]}: {@code log sum_t exp(s_t)}; only with {@code logits}
     */
    public static void attend(FrameArray frames, float[] q, int tokens, int queryHeads, int[] before,
            int[][] lists, float[] out, float[] logits, int stride, float[] logSums) {
        int headDim = frames.geometry().headDim();
        int groupHeads = queryHeads / lists.length;
        int shared = groupHeads / frames.geometry().heads();
        float[] partial = new float[PartialResult.size(headDim)];
        for (int i = 0; i < tokens; i++) {
            for (int h = 0; h < queryHeads; h++) {
                int row = i * queryHeads + h;
                int at = row * headDim;
                PagedAttention.attend(frames, lists[h / groupHeads], before[h / groupHeads] + i + 1,
                        h % groupHeads / shared, q,
                        at, partial, 0, logits, row * stride);
                if (logits.length > 0) {
                    logSums[row] = PartialResult.logSum(partial, 0, 1, partial.length, headDim);
                }
                PagedAttention.merge(partial, 0, 1, partial.length, headDim, out, at);
            }
        }
    }

    /**
     * As {@link #attend}, if the tokens come part by part, in their order.
     *
     * @param before tokens before that of the first query, in all parts
     * @param partStart tokens before those of this part; 0 begins anew
     * @param partTokens tokens of this part; the last part holds those of all queries
     * @param lists the frames of this part
     * @param state carried from part to part
     * @param out receives {@code [tokens][queryHeads][headDim]} with the last part
     */
    public static void attendPart(FrameArray frames, float[] q, int tokens, int queryHeads, int before, int partStart,
            int partTokens, int[][] lists, CausalState state, float[] out) {
        int headDim = frames.geometry().headDim();
        int groupHeads = queryHeads / lists.length;
        int shared = groupHeads / frames.geometry().heads();
        if (partStart == 0) {
            state.begin(tokens * queryHeads, headDim);
        }
        float[] record = new float[PartialResult.size(headDim)];
        for (int i = 0; i < tokens; i++) {
            int seen = Math.min(before + i + 1 - partStart, partTokens);
            for (int h = 0; h < queryHeads; h++) {
                int row = i * queryHeads + h;
                PagedAttention.attend(frames, lists[h / groupHeads], seen, h % groupHeads / shared, q, row * headDim,
                        record, 0, UNOBSERVED, 0);
                add(state, row, record, headDim);
                if (partStart + partTokens >= before + tokens) {
                    for (int d = 0; d < headDim; d++) {
                        out[row * headDim + d] = state.acc()[row * headDim + d] / state.sum()[row];
                    }
                }
            }
        }
    }

    /** Adds a record to a row of the state. */
    private static void add(CausalState state, int row, float[] record, int headDim) {
        float max = Math.max(state.max()[row], record[headDim]);
        float old = (float) Math.exp(state.max()[row] - max);
        float added = (float) Math.exp(record[headDim] - max);
        for (int d = 0; d < headDim; d++) {
            int to = row * headDim + d;
            state.acc()[to] = state.acc()[to] * old + record[d] * added;
        }
        state.sum()[row] = state.sum()[row] * old + record[headDim + 1] * added;
        state.max()[row] = max;
    }
}
