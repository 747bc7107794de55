package dev.kvasir.kvcache.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The open sequences of a cache, and the promise that none of them runs out of frames: each gets in only if there is room
 * for what all hold once their prompts have been read, and for one prompt to be read at a time.
 */
public final class FrameAdmission<S extends FrameAdmission.Guest> {
    private final long frames;
    private final long frameBytes;
    private final List<S> guests = new ArrayList<>();

    /** A sequence that frames are promised to. */
    public interface Guest {
        /** What it can need. */
        FrameNeed need();

        /** Whether it is reading its prompt. */
        boolean isPrompting();

        /** Whether it has read its prompt, or has none: no more than its steady frames are needed from here on. */
        boolean isPromptDone();
    }

    /** Nobody is in yet. */
    public FrameAdmission(int frames, long frameBytes) {
        this.frames = frames;
        this.frameBytes = frameBytes;
    }

    /**
     * Makes sure that one more gets in.
     *
     * @throws KvMemoryException if there is no room for it
     */
    public void check(FrameNeed need) {
        long free = frames;
        long promptFrames = need.promptFrames();
        for (S other : guests) {
            free -= other.need().steadyFrames();
            if (!other.isPromptDone()) {
                promptFrames = Math.max(promptFrames, other.need().promptFrames());
            }
        }
        if (need.steadyFrames() + promptFrames > free) {
            throw need.noDeviceMemory(frameBytes, free, frames);
        }
    }

    /** Lets a sequence in, whose need was checked. */
    public void add(S guest) {
        guests.add(guest);
    }

    /** A sequence leaves. */
    public void remove(S guest) {
        guests.remove(guest);
    }

    /** Those that are in. */
    public List<S> guests() {
        return List.copyOf(guests);
    }

    /**
     * Lets a sequence read its prompt.
     *
     * @throws KvMemoryException if there is no room beside those that do
     */
    public void admitPrompt(S guest) {
        long free = frames - guest.need().promptFrames();
        for (S other : guests) {
            free -= other.need().steadyFrames() + (other.isPrompting() ? other.need().promptFrames() : 0);
        }
        if (free < 0) {
            throw new KvMemoryException(
                    "there is room to read one prompt at a time and another is being read: end that one first, or raise --device-memory by %s"
                            .formatted(ByteSize.of(-free * frameBytes)));
        }
    }
}
