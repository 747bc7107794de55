package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.event.CacheCounters;

/** A KV cache for many sequences over one pool of device memory and one of host memory. One thread at a time may use a sequence. */
public interface KvCache extends AutoCloseable {

    /**
     * Admits a sequence that will hold up to {@code maxTokens} tokens.
     *
     * @throws KvMemoryException if device or host memory cannot hold it: the message names each part's size and what to
     *             lower
     */
    KvSequence open(int maxTokens);

    /** The counters now; waits for what is under way, so that it is counted. */
    CacheStats stats();

    /** The counters layer by layer. */
    CacheCounters counters();

    @Override
    void close();
}
