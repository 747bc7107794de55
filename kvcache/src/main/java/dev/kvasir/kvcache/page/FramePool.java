package dev.kvasir.kvcache.page;

import java.util.Arrays;

/**
 * Hands out the frames of a device. A frame whose page is full may have several holders, because the page does not change
 * any more; it is free when the last of them has given it back. Thread-safe.
 *
 * <p>Frames go out lowest first, then last freed first, so that two equal runs use equal frames.
 */
public final class FramePool {
    private final int[] free;
    private final int[] holders;
    private int freeCount;
    private int peak;

    /** A pool of frames {@code 0..frames-1}, all free. */
    public FramePool(int frames) {
        free = new int[frames];
        holders = new int[frames];
        freeCount = frames;
        for (int i = 0; i < frames; i++) {
            free[i] = frames - 1 - i;
        }
    }

    /**
     * Takes a free frame.
     *
     * @throws IllegalStateException if none is free: whoever takes frames has reserved them before
     */
    public synchronized int take() {
        if (freeCount == 0) {
            throw new IllegalStateException(
                    "all %d frames are taken: more were taken than reserved".formatted(free.length));
        }
        int frame = free[--freeCount];
        holders[frame] = 1;
        peak = Math.max(peak, free.length - freeCount);
        return frame;
    }

    /**
     * Adds a holder to a frame that is taken.
     *
     * @throws IllegalStateException if it is free
     */
    public synchronized void share(int frame) {
        if (holders[frame] == 0) {
            throw new IllegalStateException("frame %d is free: it cannot be shared".formatted(frame));
        }
        holders[frame]++;
    }

    /** Whether a frame has more than one holder. */
    public synchronized boolean isShared(int frame) {
        return holders[frame] > 1;
    }

    /**
     * Gives a frame back.
     *
     * @throws IllegalArgumentException if there is no such frame
     * @throws IllegalStateException if it is free already
     */
    public synchronized void free(int frame) {
        if (frame < 0 || frame >= free.length) {
            throw new IllegalArgumentException("frame %d is none of 0 to %d".formatted(frame, free.length - 1));
        }
        if (holders[frame] == 0) {
            throw new IllegalStateException("frame %d is freed twice".formatted(frame));
        }
        if (--holders[frame] == 0) {
            free[freeCount++] = frame;
        }
    }

    /** Number of frames. */
    public int frames() {
        return free.length;
    }

    /** Frames taken now. */
    public synchronized int used() {
        return free.length - freeCount;
    }

    /** The most frames ever taken at once. */
    public synchronized int peak() {
        return peak;
    }

    @Override
    public synchronized String toString() {
        return "FramePool[%d of %d taken, first free %s]".formatted(free.length - freeCount, free.length,
                Arrays.toString(Arrays.copyOfRange(free, Math.max(0, freeCount - 4), freeCount)));
    }
}
