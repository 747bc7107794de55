package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.plan.KvSequence;

/**
 * A {@link KvCache} of single tokens kept by a token policy. A KV head has frames of its own, whose slots its tokens fill
 * in any order, since a key carries its position; what is evicted is overwritten, and nothing is backed up.
 *
 * <p>Memory is promised when a sequence is opened, as in a cache of pages: what it holds once its prompt has been read,
 * and room for one prompt at a time. Belongs to one thread.
 */
public final class SlotCache implements KvCache {
    private final SlotPlan plan;
    private final KvDevice device;
    private final FramePool pool;
    private final CacheCounters counters;
    private final CacheEvents events;
    private final FrameAdmission<SlotSequence> open;
    private int opened;

    private SlotCache(SlotPlan plan, int frames, KvDeviceFactory devices, CacheEvents listener) {
        this.plan = plan;
        device = devices.create(plan.geometry(), frames);
        pool = new FramePool(frames);
        open = new FrameAdmission<>(frames, plan.geometry().frameBytes());
        counters = new CacheCounters(plan.shape().layers());
        events = listener.equals(CacheEvents.NONE) ? counters : counters.and(listener);
    }

    /**
     * Checks the options, sizes and allocates the memory: as much as {@code sequences} sequences need, and no more than
     * the options give.
     *
     * @param contextTokens the longest sequence to come
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape, or name a policy of pages
     * @throws KvMemoryException if the memory given is too small for one sequence of this length
     */
    public static SlotCache create(CacheShape shape, CacheOptions options, int contextTokens, int sequences,
            KvDeviceFactory devices, CacheEvents events) {
        FrameAdmission.checkSize(contextTokens, sequences);
        var plan = SlotPlan.of(shape, options);
        int frames = plan.need(contextTokens)
                .frames(sequences, options.deviceMemory(), plan.geometry().frameBytes());
        return new SlotCache(plan, frames, devices, events);
    }

    @Override
    public KvSequence open(int maxTokens) {
        open.checkOpen(maxTokens);
        var need = plan.need(maxTokens);
        open.check(need);
        var sequence = new SlotSequence(this, plan, device, pool, events, need, opened++);
        open.add(sequence);
        return sequence;
    }

    /** Lets a sequence read a text, if there is room beside those that do. */
    void admitText(SlotSequence sequence) {
        open.admitText(sequence);
    }

    void release(SlotSequence sequence) {
        open.remove(sequence);
    }

    @Override
    public CacheStats stats() {
        long frameBytes = plan.geometry().frameBytes();
        return new CacheStats(CacheUnit.TOKEN, counters.events(Kind.FILLED), 0, counters.events(Kind.EVICTED), 0, 0, 0,
                counters.events(Kind.SELECTED), 0, 0, 0, 0, 0, pool.used() * frameBytes, pool.peak() * frameBytes,
                pool.frames() * frameBytes, 0, 0, 0, 0, 0);
    }

    @Override
    public CacheCounters counters() {
        return counters;
    }

    FramePool pool() {
        return pool;
    }

    @Override
    public void close() {
        if (open.close()) {
            for (var sequence : open.guests()) {
                sequence.close();
            }
            device.close();
        }
    }
}
