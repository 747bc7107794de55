package dev.kvasir.kvcache;

import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.paged.GraphDevice;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.token.SlotCache;
import java.util.function.Function;

/** Creates caches. The policy decides which kind: a cache of pages or a cache of single tokens. */
public final class KvCaches {
    private KvCaches() {}

    /**
     * Creates the cache that the policy of the options needs. It takes as much memory as {@code sequences} sequences
     * need, and no more than the options allow. Several threads may use it; their calls take turns.
     *
     * @param contextTokens tokens of the longest sequence
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the allowed memory is too small for one sequence of this
     *             length
     */
    public static KvCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CacheEvents events) {
        return new LockedCache(switch (options.policy()) {
            case PagePolicy pages ->
                PagedCache.create(CachePlan.of(shape, options, contextTokens, sequences), devices, events);
            case TokenPolicy tokens -> SlotCache.create(shape, options, contextTokens, sequences, devices, events);
        });
    }

    /**
     * Creates a cache of pages on a device that runs graphs. One thread at a time may use it.
     *
     * @param contextTokens tokens of the longest sequence
     * @param sequences how many such sequences at once
     * @param devices makes the device by the plan of the cache
     * @throws IllegalArgumentException if the options contradict each other or the shape, or name a policy of tokens
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the allowed memory is too small for one sequence of this
     *             length
     */
    public static PagedCache createOnGraphs(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            Function<CachePlan, ? extends GraphDevice> devices, CacheEvents events) {
        return PagedCache.createOnGraphs(CachePlan.of(shape, options, contextTokens, sequences), devices, events);
    }
}
