package dev.kvasir.lab.study.timing;

import java.util.Locale;

/** The parts of a decode step, as in the paper's figure 9a. */
public enum StepPart {
    /** Weights, norms, RoPE, sampling, and the rest of the cache's work: append, digest, tables. */
    OTHERS,
    /** Importance of all pages from their digests. */
    ESTIMATE,
    /** The top-k of the importances. */
    SELECT,
    /**
     * Starting recalls, and waiting for copies: for recalls, and for a backup that is not complete when its page
     * leaves.
     */
    RECALL,
    /** Attention to resident and recalled pages, and the merge of both. */
    ATTENTION;

    /** The label in charts. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
