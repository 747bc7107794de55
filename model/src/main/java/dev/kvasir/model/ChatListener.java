package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;

/** Is told what a {@link Chat} reads and draws, in the thread of the chat. */
public interface ChatListener {
    /** Ignores everything. */
    ChatListener NONE = new ChatListener() {
    };

    /** A new session begins, with a cache of its own unless the cache keeps prefixes. */
    default void begins() {}

    /** Receives what happens in the cache of the session that has just begun. */
    default CacheEvents events() {
        return CacheEvents.NONE;
    }

    /** Tokens of the conversation, read or drawn; the first is at {@code position}. */
    default void tokens(int position, int... ids) {}
}
