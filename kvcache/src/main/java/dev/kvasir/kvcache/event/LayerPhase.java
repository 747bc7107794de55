package dev.kvasir.kvcache.event;

import java.util.Locale;

/** The phases of a layer whose times {@link PhaseEvent} records. */
public enum LayerPhase {
    /** Norm, query, key and value, RoPE. */
    PROJECTION,
    /** The new key and value get their place; pages that are full are digested and backed up. */
    STORE,
    /** Pages are scored and chosen, and recalls begin. */
    SELECTION,
    /** The pages of the next layer are guessed, and their recalls begin. */
    PREFETCH,
    /** The query attends; under a policy of single tokens with all that the policy does. */
    ATTENTION,
    /** The wait for recalled pages. */
    RECALL_WAIT,
    /** The product with the weights of the attention's output, and the norm after it. */
    OUTPUT,
    /** The feed-forward part. */
    FEED_FORWARD;

    final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
}
