package dev.kvasir.kvcache.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The memory that a sequence of some length can need at most.
 *
 * @param maxTokens the length
 * @param parts frames held once the prompt has been read, part by part
 * @param promptFrames frames by which one layer is over its budget while it reads the prompt; one layer at a time
 * @param hostSlots backups
 */
public record MemoryNeed(int maxTokens, List<Part> parts, long promptFrames, long hostSlots) {
    private static final int MOST = Integer.MAX_VALUE - 8;

    /** Frames of one purpose, with its name in sentences. */
    public record Part(String name, long frames) {}

    /** Frames held once the prompt has been read. */
    public long steadyFrames() {
        return parts.stream().mapToLong(Part::frames).sum();
    }

    /**
     * Frames of a cache: enough for {@code sequences} such sequences of which one reads its prompt, and no more than
     * {@code bytes} hold.
     *
     * @param bytes of device memory, 0 for no limit
     * @throws KvMemoryException if they do not suffice for one sequence
     */
    public int frames(int sequences, long bytes, long frameBytes) {
        long frames = limited(sequences * steadyFrames() + promptFrames, bytes, frameBytes);
        if (frames < steadyFrames() + promptFrames) {
            throw noDeviceMemory(frameBytes, frames, frames);
        }
        return (int) frames;
    }

    /**
     * Host slots of a cache: enough for {@code sequences} such sequences, and no more than {@code bytes} hold.
     *
     * @param bytes of host memory, 0 for no limit
     * @throws KvMemoryException if they do not suffice for one sequence
     */
    public int hostSlots(int sequences, long bytes, long slotBytes) {
        long slots = limited(sequences * hostSlots, bytes, slotBytes);
        if (slots < hostSlots) {
            throw noHostMemory(slotBytes, slots, slots);
        }
        return (int) slots;
    }

    private static long limited(long wanted, long bytes, long bytesEach) {
        return Math.min(Math.min(wanted, bytes == 0 ? Long.MAX_VALUE : bytes / bytesEach), MOST);
    }

    /** Refuses a sequence whose frames exceed the free ones. */
    KvMemoryException noDeviceMemory(long frameBytes, long freeFrames, long allFrames) {
        String named = parts.stream()
                .map(part -> "%s %s, ".formatted(part.name(), ByteSize.of(part.frames() * frameBytes)))
                .collect(Collectors.joining());
        return new KvMemoryException(
                "a sequence of %d tokens needs %s of device memory (%sreading a prompt of that length %s), but %s of %s are free: raise CacheOptions.deviceMemory, or lower contextTokens, CacheOptions.budget or CacheOptions.denseLayers"
                        .formatted(maxTokens, ByteSize.of((steadyFrames() + promptFrames) * frameBytes), named,
                                ByteSize.of(promptFrames * frameBytes),
                                ByteSize.of(Math.max(0, freeFrames) * frameBytes),
                                ByteSize.of(allFrames * frameBytes)));
    }

    /** Refuses a sequence whose backups exceed the free slots. */
    public KvMemoryException noHostMemory(long slotBytes, long freeSlots, long allSlots) {
        return new KvMemoryException(
                "a sequence of %d tokens needs %s of host memory (%d backups of %s), but %s of %s are free: raise CacheOptions.hostMemory, set CacheOptions.disk, or lower contextTokens or raise CacheOptions.denseLayers"
                        .formatted(maxTokens, ByteSize.of(hostSlots * slotBytes), hostSlots, ByteSize.of(slotBytes),
                                ByteSize.of(freeSlots * slotBytes), ByteSize.of(allSlots * slotBytes)));
    }
}
