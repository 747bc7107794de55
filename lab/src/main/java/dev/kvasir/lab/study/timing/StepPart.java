package dev.kvasir.lab.study.timing;

import java.util.Locale;

/** The parts of a decode step, as the paper's figure 9a stacks them. */
public enum StepPart {
    /** Weights, norms, RoPE, sampling, and what the cache does but for the other parts: append, digest, tables. */
    OTHERS,
    /** Importance of all pages from their digests. */
    ESTIMATE,
    /** The top-k of the importances. */
    SELECT,
    /** Starting recalls, and waiting for copies: backups that are not done when their page leaves, and recalls. */
    RECALL,
    /** Attention to resident and recalled pages, and the merge of both. */
    ATTENTION;

    /** As it stands beside a chart. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
