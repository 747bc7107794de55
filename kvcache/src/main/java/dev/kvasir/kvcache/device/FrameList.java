package dev.kvasir.kvcache.device;

import java.util.Arrays;

/** The frames one selection group attends, in ascending page order. All are full but the last, which holds {@link #tokensInLast}. */
public final class FrameList {
    private int[] frames = new int[16];
    private int size;
    private int tokensInLast;

    /** Empties the list. */
    public void clear() {
        size = 0;
        tokensInLast = 0;
    }

    /** Adds a frame that holds {@code tokens} tokens; only the last one added may hold fewer than a page. */
    public void add(int frame, int tokens) {
        if (size == frames.length) {
            frames = Arrays.copyOf(frames, 2 * size);
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
