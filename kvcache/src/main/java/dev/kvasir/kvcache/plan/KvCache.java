package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.token.SlotCache;

/** A KV cache for many sequences over one pool of device memory and one of host memory. */
public interface KvCache extends AutoCloseable {

    /**
     * Makes the cache that the policy of the options asks for, of pages or of single tokens, as much memory as
     * {@code sequences} sequences need and no more than the options give.
     *
     * @param contextTokens the longest sequence to come
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape
     * @throws KvMemoryException if the memory given is too small for one sequence of this length
     */
    static KvCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CacheEvents events) {
        return switch (options.policy()) {
            case PagePolicy pages -> PagedCache.create(shape, options, contextTokens, sequences, devices, events);
            case TokenPolicy tokens -> SlotCache.create(shape, options, contextTokens, sequences, devices, events);
        };
    }

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
