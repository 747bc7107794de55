package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;

/**
 * A device whose operations run as whole graphs, which somebody else puts together with those of a model: it reads a
 * sequence's {@link SequenceTables} and never gets queries, keys or values from the host, but in place of a prompt.
 */
public interface GraphDevice extends FrameDevice {

    /**
     * Appends the tokens of the open chunk of a prompt, backs up and digests the pages they fill, and keeps those of the
     * queries that are among the prompt's last.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param k {@code [tokens][kvHeads][headDim]}
     * @param v {@code [tokens][kvHeads][headDim]}
     */
    void append(SequenceTables tables, int layer, float[] q, float[] k, float[] v, int tokens);

    /** Judges the pages of a layer by the prompt's last queries, if {@link SequenceTables#isJudgedAtEnd}. */
    void judge(SequenceTables tables, int layer);
}
