package dev.kvasir.model.engine.tornado;

import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;

/** A cache of {@code engine}, together with the decoder whose graphs run on its frames. Calls wait for the step under way. */
record TornadoCache(TornadoEngine engine, PagedCache pages, TornadoDecoder decoder) implements KvCache {
    @Override
    public KvSequence open(int maxTokens) {
        synchronized (decoder) {
            return pages.open(maxTokens);
        }
    }

    @Override
    public CacheStats stats() {
        synchronized (decoder) {
            return pages.stats();
        }
    }

    @Override
    public CacheCounters counters() {
        return pages.counters();
    }

    @Override
    public void close() {
        synchronized (decoder) {
            pages.close();
        }
    }
}
