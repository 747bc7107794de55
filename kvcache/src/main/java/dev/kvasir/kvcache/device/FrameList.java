package dev.kvasir.kvcache.device;

import java.util.Arrays;

/** The frames one selection group attends, in ascending page order. All are full but the last, which holds {@link #tokensInLast}. */
public final class FrameList {
    private int[] frames;
    private int size;
    private int tokensInLast;

    /** An empty list that will grow as it must. */
    public FrameList() {
        this(16);
    }

    /** An empty list with room for so many frames, beyond which it grows. */
    public FrameList(int room) {
        frames = new int[room];
    }

    /** Empties the list. */
    public void clear() {
        size = 0;
        tokensInLast = 0;
    }

    /** Adds a frame that holds {@code tokens} tokens; only the last one added may hold fewer than a page. */
    public void add(int frame, int tokens) {
        if (size == frames.length) {
            frames = Arrays.copyOf(frames, Math.max(16, 2 * size));
        }
        frames[size++] = frame;
        tokensInLast = tokens;
    }

    /** The frame numbers; only the first {@link #size} count. */
    public int[] frames() {
        return frames;
    }

    /** Number of frames. */
    public int size() {
        return size;
    }

    /** Tokens in the last frame. */
    public int tokensInLast() {
        return tokensInLast;
    }
}
