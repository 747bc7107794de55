package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.plan.ByteSize;
import dev.kvasir.kvcache.plan.FrameNeed;
import dev.kvasir.kvcache.plan.KvMemoryException;

/**
 * What a sequence of some length can need at most, part by part, in frames of one KV head.
 *
 * @param maxTokens the length
 * @param denseFrames of the layers that keep every token
 * @param residentFrames of the layers held to a budget, after the prompt
 * @param chosenFrames that a policy that evicts nothing gathers its choice in
 * @param promptFrames by which one layer is over its budget while it reads the prompt; one layer at a time
 */
record SlotNeed(int maxTokens, long denseFrames, long residentFrames, long chosenFrames,
        long promptFrames) implements FrameNeed {

    @Override
    public long steadyFrames() {
        return denseFrames + residentFrames + chosenFrames;
    }

    @Override
    public KvMemoryException noDeviceMemory(long frameBytes, long freeFrames, long allFrames) {
        return new KvMemoryException(
                ("a sequence of %d tokens needs %s of device memory (dense layers %s, tokens of the other layers %s, the"
                        + " step's choice of them %s, reading a prompt of that length %s), but %s of %s are free: raise"
                        + " --device-memory, or lower --ctx-size, --budget or --dense-layers").formatted(maxTokens,
                                ByteSize.of((steadyFrames() + promptFrames) * frameBytes),
                                ByteSize.of(denseFrames * frameBytes), ByteSize.of(residentFrames * frameBytes),
                                ByteSize.of(chosenFrames * frameBytes), ByteSize.of(promptFrames * frameBytes),
                                ByteSize.of(Math.max(0, freeFrames) * frameBytes),
                                ByteSize.of(allFrames * frameBytes)));
    }
}
