package dev.kvasir.kvcache.page;

import java.util.Arrays;

/**
 * The frames of the pages of one layer, sequence and selection group. A page has one frame or none; a frame has one page
 * or none. A page that {@link #leave leaves} is no resident any more and still occupies its frame, until
 * {@link #release}. Belongs to the thread that drives the sequence.
 */
public final class PageTable implements Residents {
    /** The frame of a page that has none. */
    public static final int ABSENT = -1;

    private final int[] frameOf; // ABSENT, or -2 - frame of a page that leaves
    private final int[] resident; // pages that have a frame, ascending
    private int size;

    /** A table for pages {@code 0..maxPages-1}, none of which has a frame. */
    public PageTable(int maxPages) {
        frameOf = new int[maxPages];
        resident = new int[maxPages];
        Arrays.fill(frameOf, ABSENT);
    }

    /**
     * Puts a page into a frame.
     *
     * @throws IllegalStateException if the page has a frame already
     */
    public void put(int page, int frame) {
        if (frameOf[page] != ABSENT) {
            throw new IllegalStateException("page %d is in frame %d already".formatted(page, held(page)));
        }
        int at = size == 0 || resident[size - 1] < page ? size : -Arrays.binarySearch(resident, 0, size, page) - 1;
        System.arraycopy(resident, at, resident, at + 1, size - at);
        resident[at] = page;
        size++;
        frameOf[page] = frame;
    }

    /**
     * Takes a page out of its frame.
     *
     * @return the frame
     * @throws IllegalStateException if the page is no resident
     */
    public int remove(int page) {
        int frame = frameOf[page];
        if (frame < 0) {
            throw new IllegalStateException("page %d has no frame to leave".formatted(page));
        }
        int at = Arrays.binarySearch(resident, 0, size, page);
        System.arraycopy(resident, at + 1, resident, at, --size - at);
        frameOf[page] = ABSENT;
        return frame;
    }

    /**
     * Takes a page out of the residents; it still occupies its frame.
     *
     * @throws IllegalStateException if the page is no resident
     */
    public void leave(int page) {
        frameOf[page] = -2 - remove(page);
    }

    /** Whether a page has left and still occupies its frame. */
    public boolean isLeaving(int page) {
        return frameOf[page] < ABSENT;
    }

    /**
     * Takes a page that has left out of its frame.
     *
     * @return the frame
     * @throws IllegalStateException if the page is not leaving
     */
    public int release(int page) {
        if (!isLeaving(page)) {
            throw new IllegalStateException("page %d is not leaving".formatted(page));
        }
        int frame = held(page);
        frameOf[page] = ABSENT;
        return frame;
    }

    private int held(int page) {
        return isLeaving(page) ? -2 - frameOf[page] : frameOf[page];
    }

    /** The frame of a resident page, or {@link #ABSENT}. */
    public int frame(int page) {
        return Math.max(frameOf[page], ABSENT);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int page(int i) {
        return resident[i];
    }

    @Override
    public boolean contains(int page) {
        return frameOf[page] >= 0;
    }
}
