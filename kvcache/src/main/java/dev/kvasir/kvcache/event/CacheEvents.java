package dev.kvasir.kvcache.event;

import dev.kvasir.kvcache.page.PageState;

/**
 * A listener to the events of pages. In a cache of single tokens the events are those of tokens: a group is a KV head and
 * a page the position of the token. The cache calls it on the thread that drives the sequence, never on a thread that
 * copies, and passes only primitives and constants, so that listening costs no allocation. A backup is reported when the
 * cache first sees it complete, which is before the frame of the page is used again.
 */
@FunctionalInterface
public interface CacheEvents {

    /** The kinds of events. */
    enum Kind {
        /** The page's last token was written; bytes: the page. */
        FILLED,
        /** The page's copy in the host store is complete; bytes: moved to the host. */
        BACKED_UP,
        /** The page lost its frame; bytes: the frame. */
        EVICTED,
        /** A selected page without a frame gets one; bytes: moved to the device. */
        RECALLED,
        /** The page is among the step's winners; with or without a frame. */
        SELECTED,
        /** A page gets a frame because the query of the layer before would select it; bytes: moved to the device. */
        PREFETCHED,
        /** A page prefetched in this step is not among its winners. */
        UNUSED
    }

    /** Listens to nothing. */
    CacheEvents NONE = (kind, state, step, layer, sequence, group, page, importance, bytes) -> {};

    /**
     * Something happened to a page.
     *
     * @param state the state of the page after the event
     * @param step decode steps the sequence has begun; 0 while the prompt goes in
     * @param sequence number of the sequence, from 0 in order of opening
     * @param group selection group within the layer
     * @param page logical page within the sequence
     * @param importance the estimate it was judged by, NaN where none was made
     * @param bytes bytes moved or freed, 0 where none were
     */
    void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page, float importance,
            long bytes);

    /** Calls both listeners, this one first. */
    default CacheEvents and(CacheEvents next) {
        return (kind, state, step, layer, sequence, group, page, importance, bytes) -> {
            page(kind, state, step, layer, sequence, group, page, importance, bytes);
            next.page(kind, state, step, layer, sequence, group, page, importance, bytes);
        };
    }
}
