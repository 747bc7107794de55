package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;

/**
 * A device whose operations run as whole graphs, together with those of a model. It reads the decisions of a sequence,
 * and receives no queries, keys or values from the host, except random ones in place of a prompt.
 */
public interface GraphDevice extends FrameDevice {

    /**
     * Appends the tokens of the open chunk of a prompt, backs up and digests the pages that they fill, and keeps those of
     * the queries that are among the prompt's last.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param k {@code [tokens][kvHeads][headDim]}
     * @param v {@code [tokens][kvHeads][headDim]}
     */
    void append(PromptDecisions prompt, int layer, float[] q, float[] k, float[] v, int tokens);

    /** Scores the pages of a layer by the prompt's last queries, if {@link PromptDecisions#isJudgedAtEnd}. */
    void judge(PromptDecisions prompt, int layer);
}
