package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.device.FrameDeviceFactory;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.transfer.CopyStreamFactory;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.util.function.Function;

/**
 * A {@link KvCache} of pages kept by a page policy: one pool of frames on a device, one store of backups on the host, one
 * copy stream between them, for all sequences.
 *
 * <p>Memory is promised when a sequence is opened, so that none runs out of it later: what it holds once its prompt has
 * been read, and room for one prompt at a time to be read (one layer of it is over budget until it ends). Belongs to one
 * thread; only the copy stream has its own.
 */
public final class PagedCache implements KvCache {
    private final CachePlan plan;
    private final FrameDevice device;
    private final FramePool pool;
    private final HostStore host;
    private final PageTransfers transfers;
    private final CacheCounters counters;
    private final CacheEvents events;
    private final FrameAdmission<OpenSequence> open;
    private int opened;

    private PagedCache(CachePlan plan, FrameDeviceFactory devices,
            Function<FrameDevice, CopyStreamFactory> streams, CacheEvents listener) {
        this.plan = plan;
        long pageBytes = plan.geometry().frameBytes();
        device = devices.create(plan);
        pool = new FramePool(plan.frames());
        open = new FrameAdmission<>(plan.frames(), pageBytes);
        host = new HostStore(plan.hostSlots(), pageBytes);
        transfers = device.transfers(host, streams.apply(device));
        counters = new CacheCounters(plan.shape().layers());
        events = listener.equals(CacheEvents.NONE) ? counters : counters.and(listener);
    }

    /** As the other {@code create}, with the device's own {@link FrameDevice#copyStreams}. */
    public static PagedCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CacheEvents events) {
        return createAny(shape, options, contextTokens, sequences, anyDevice(devices), FrameDevice::copyStreams,
                events);
    }

    /** As the other {@code create}, on a device that is told all about the cache. */
    public static PagedCache createOn(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            FrameDeviceFactory devices, CacheEvents events) {
        return createAny(shape, options, contextTokens, sequences, devices, FrameDevice::copyStreams, events);
    }

    /**
     * Checks the options, sizes and allocates the memory: as much as {@code sequences} sequences need, and no more than
     * the options give.
     *
     * @param contextTokens the longest sequence to come
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape
     * @throws KvMemoryException if the memory given is too small for one sequence of this length
     */
    public static PagedCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CopyStreamFactory streams, CacheEvents events) {
        return createAny(shape, options, contextTokens, sequences, anyDevice(devices), device -> streams, events);
    }

    private static FrameDeviceFactory anyDevice(KvDeviceFactory devices) {
        return plan -> devices.create(plan.geometry(), plan.frames());
    }

    private static PagedCache createAny(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            FrameDeviceFactory devices, Function<FrameDevice, CopyStreamFactory> streams, CacheEvents events) {
        return new PagedCache(CachePlan.of(shape, options, contextTokens, sequences), devices, streams, events);
    }

    @Override
    public KvSequence open(int maxTokens) {
        open.checkOpen(maxTokens);
        if (maxTokens > device.maxTokens()) {
            throw new IllegalArgumentException(
                    "a sequence of %d tokens does not fit the device arrays of a cache made for %d: raise --ctx-size"
                            .formatted(maxTokens, device.maxTokens()));
        }
        var need = plan.need(maxTokens);
        long frameBytes = plan.geometry().frameBytes();
        open.check(need);
        long freeSlots = host.slots();
        for (var other : open.guests()) {
            freeSlots -= other.need().hostSlots();
        }
        if (need.hostSlots() > freeSlots) {
            throw need.noHostMemory(frameBytes, freeSlots, host.slots());
        }
        var pages = new PageMover(pool, host, transfers, events, opened++, frameBytes);
        var sequence = new OpenSequence(this, plan, device, pages, need);
        open.add(sequence);
        return device instanceof GraphDevice graphs
                ? new GraphSequence(sequence, graphs)
                : new PagedSequence(sequence, (KvDevice) device);
    }

    /**
     * What each layer, sequence and selection group may keep of a sequence of up to {@code maxTokens}: the budget in pages.
     *
     * @throws IllegalArgumentException if the budget is below its floor
     */
    public PageLimits limits(int maxTokens) {
        return plan.limits(maxTokens);
    }

    /** Lets a sequence read its prompt, if there is room beside those that do. */
    void admitPrompt(OpenSequence sequence) {
        open.admitPrompt(sequence);
    }

    void release(OpenSequence sequence) {
        open.remove(sequence);
    }

    /** The counters now; waits for the backups under way, so that they are counted. */
    @Override
    public CacheStats stats() {
        for (var sequence : open.guests()) {
            sequence.pages.awaitBackups();
        }
        long late = counters.events(Kind.RECALLED);
        long early = counters.events(Kind.PREFETCHED);
        long frameBytes = plan.geometry().frameBytes();
        return new CacheStats(CacheUnit.PAGE, counters.events(Kind.FILLED), counters.events(Kind.BACKED_UP),
                counters.events(Kind.EVICTED), late + early, early, counters.events(Kind.UNUSED),
                counters.events(Kind.SELECTED) - late, late, counters.bytes(Kind.BACKED_UP),
                counters.bytes(Kind.RECALLED) + counters.bytes(Kind.PREFETCHED), transfers.hiddenNanos(),
                transfers.exposedNanos(), pool.used() * frameBytes, pool.peak() * frameBytes,
                pool.frames() * frameBytes,
                host.used() * frameBytes, host.peak() * frameBytes, host.slots() * frameBytes);
    }

    /** Where the frames are. */
    public FrameDevice device() {
        return device;
    }

    FramePool pool() {
        return pool;
    }

    HostStore host() {
        return host;
    }

    @Override
    public CacheCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (open.close()) {
            for (var sequence : open.guests()) {
                sequence.close();
            }
            transfers.close();
            host.close();
            device.close();
        }
    }
}
