package dev.kvasir.kvcache.plan;

import java.util.Locale;

/**
 * The phases of one layer in a decode step, in their order. The CPU runs them call by call; task graphs run some of them
 * inside a graph. A layer skips {@link #SCORE} and {@link #CHOOSE} if it selects no pages, and {@link #PREFETCH} if it
 * does not guess the pages of the next layer. {@link SequenceProgress} refuses a phase that is out of turn.
 */
public enum StepPhase {
    /** The new token gets a place; if a page opens, the page before it gets a place for its digest. */
    OPEN,
    /** The key and the value of the token are stored; a page that is full now is backed up. */
    APPEND,
    /** The digests are scored with the query. */
    SCORE,
    /** The policy selects pages; residents leave, and recalls of the selected pages without a frame begin. */
    CHOOSE,
    /** The pages to attend are listed. */
    LIST,
    /** The policy selects pages of the next layer with the query of this one; their recalls begin. */
    PREFETCH,
    /** The query attends the pages that were resident. */
    ATTEND,
    /** The recalls have arrived, and the query attends those pages. */
    RECALL,
    /** The partial results are merged: the layer is done. */
    MERGE;

    /** The name in sentences. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
