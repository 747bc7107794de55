package dev.kvasir.kvcache.option;

/** How a text is read into a sequence that holds tokens already, as the second turn of a conversation. */
public enum Extend {
    /** In chunks, each of which attends to everything before it: evicted pages come back for it. */
    EXACT,
    /** In chunks, each of which attends to the residents and to the pages that its own last queries select. */
    SELECT,
    /** Token by token, as decoded tokens. */
    TOKEN
}
