package dev.kvasir.kvcache.option;

/**
 * How a text is read into a sequence that holds tokens already, as the second turn of a conversation. Under a policy of
 * single tokens, of which none comes back, {@link #EXACT} and {@link #SELECT} are the same: in chunks, each of which
 * attends to the tokens that were kept and to those of the text.
 */
public enum Extend {
    /** In chunks, each of which attends to everything before it: evicted pages come back for it. */
    EXACT,
    /** In chunks, each of which attends to the residents and to the pages that its own last queries select. */
    SELECT,
    /** Token by token, as decoded tokens. */
    TOKEN
}
