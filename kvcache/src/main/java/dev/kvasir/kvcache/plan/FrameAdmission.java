package dev.kvasir.kvcache.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The open sequences of a cache, and the promise that none of them runs out of frames. A sequence is admitted if the
 * frames suffice for all admitted sequences once their texts have been read, and for reading one text at a time.
 */
public final class FrameAdmission<S extends FrameAdmission.Guest> {
    private final long frames;
    private final long frameBytes;
    private final List<S> guests = new ArrayList<>();

    private boolean closed;

    /** A sequence to which frames are promised. */
    public interface Guest {
        /** The memory that it can need. */
        MemoryNeed need();

        /** Whether it is reading a text: one of its layers is over its steady frames. */
        boolean isReading();
    }

    /** No sequences. */
    public FrameAdmission(int frames, long frameBytes) {
        this.frames = frames;
        this.frameBytes = frameBytes;
    }

    /** @throws IllegalArgumentException if a cache of this size holds nothing */
    public static void checkSize(int contextTokens, int sequences) {
        if (contextTokens < 1 || sequences < 1) {
            throw new IllegalArgumentException(
                    "a cache for %d sequences of %d tokens holds nothing: both must be at least 1".formatted(sequences,
                            contextTokens));
        }
    }

    /**
     * Checks a sequence of up to {@code maxTokens} before its need is computed.
     *
     * @throws IllegalStateException if the cache is closed
     * @throws IllegalArgumentException if the sequence holds nothing
     */
    public void checkOpen(int maxTokens) {
        if (closed) {
            throw new IllegalStateException("the cache is closed");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("a sequence of %d tokens holds nothing".formatted(maxTokens));
        }
    }

    /** Admits no more sequences; returns whether this is the first call. */
    public boolean close() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }

    /**
     * Checks that one more sequence can be admitted.
     *
     * @throws KvMemoryException if there is no room for it
     */
    public void check(MemoryNeed need) {
        long free = frames;
        long promptFrames = need.promptFrames();
        for (S other : guests) {
            free -= other.need().steadyFrames();
            promptFrames = Math.max(promptFrames, other.need().promptFrames());
        }
        if (need.steadyFrames() + promptFrames > free) {
            throw need.noDeviceMemory(frameBytes, free, frames);
        }
    }

    /** Admits a sequence whose need has been checked. */
    public void add(S guest) {
        guests.add(guest);
    }

    /** A sequence leaves. */
    public void remove(S guest) {
        guests.remove(guest);
    }

    /** The admitted sequences. */
    public List<S> guests() {
        return List.copyOf(guests);
    }

    /**
     * Allows a sequence to read a text.
     *
     * @throws KvMemoryException if there is no room beside the texts being read
     */
    public void admitText(S guest) {
        long free = frames - guest.need().promptFrames();
        for (S other : guests) {
            free -= other.need().steadyFrames() + (other.isReading() ? other.need().promptFrames() : 0);
        }
        if (free < 0) {
            throw new KvMemoryException(
                    "there is room to read one text at a time and another is being read: end that one first, or raise CacheOptions.deviceMemory by %s"
                            .formatted(ByteSize.of(-free * frameBytes)));
        }
    }
}
