package dev.kvasir.kvcache.plan;

/**
 * What a sequence of some length can need at most, part by part.
 *
 * @param maxTokens the length
 * @param denseFrames frames of the layers that keep every page
 * @param residentFrames frames of the layers held to a budget, after the prompt
 * @param digestFrames frames full of digests
 * @param promptFrames frames by which one layer is over its budget while it reads the prompt; one layer at a time
 * @param hostSlots backups
 */
public record MemoryNeed(int maxTokens, long denseFrames, long residentFrames, long digestFrames, long promptFrames,
        long hostSlots)
        implements
            FrameNeed {

    @Override
    public long steadyFrames() {
        return denseFrames + residentFrames + digestFrames;
    }

    @Override
    public KvMemoryException noDeviceMemory(long frameBytes, long freeFrames, long allFrames) {
        return new KvMemoryException(
                ("a sequence of %d tokens needs %s of device memory (dense layers %s, pages within the budget %s, digests %s,"
                        + " reading a prompt of that length %s), but %s of %s are free: raise --device-memory, or lower"
                        + " --ctx-size, --budget or --dense-layers").formatted(maxTokens,
                                ByteSize.of((steadyFrames() + promptFrames) * frameBytes),
                                ByteSize.of(denseFrames * frameBytes), ByteSize.of(residentFrames * frameBytes),
                                ByteSize.of(digestFrames * frameBytes), ByteSize.of(promptFrames * frameBytes),
                                ByteSize.of(Math.max(0, freeFrames) * frameBytes),
                                ByteSize.of(allFrames * frameBytes)));
    }

    /** Refuses a sequence whose backups exceed the free slots. */
    public KvMemoryException noHostMemory(long slotBytes, long freeSlots, long allSlots) {
        return new KvMemoryException(
                "a sequence of %d tokens needs %s of host memory (%d backups of %s), but %s of %s are free: raise --host-memory, or lower --ctx-size or raise --dense-layers"
                        .formatted(maxTokens, ByteSize.of(hostSlots * slotBytes), hostSlots, ByteSize.of(slotBytes),
                                ByteSize.of(freeSlots * slotBytes), ByteSize.of(allSlots * slotBytes)));
    }
}
