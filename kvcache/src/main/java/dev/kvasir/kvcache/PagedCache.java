package dev.kvasir.kvcache;

import dev.kvasir.kvcache.event.CacheEvents;

/** A {@link KvCache} of pages kept by a page policy. */
public final class PagedCache implements KvCache {

    private PagedCache() {}

    /**
     * Checks the options, sizes and allocates the memory.
     *
     * @param contextTokens the longest sequence to come: sizes the memory that the options leave open, and resolves a
     *            budget given as a share until a sequence is opened
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape
     * @throws KvMemoryException if the memory given is too small for one sequence of this length
     */
    public static PagedCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CacheEvents events) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KvSequence open(int maxTokens) {
        throw new UnsupportedOperationException();
    }

    /** The counters now. */
    public CacheStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
