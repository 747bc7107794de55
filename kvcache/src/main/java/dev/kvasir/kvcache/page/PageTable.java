package dev.kvasir.kvcache.page;

import java.util.Arrays;

/**
 * Which page of one layer, sequence and selection group is in which frame. A page has one frame or none, a frame one
 * page or none. Belongs to the thread that drives the sequence.
 */
public final class PageTable implements Residents {
    /** The frame of a page that has none. */
    public static final int ABSENT = -1;

    private final int[] frameOf;
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
            throw new IllegalStateException("page %d is in frame %d already".formatted(page, frameOf[page]));
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
     * @throws IllegalStateException if the page has none
     */
    public int remove(int page) {
        int frame = frameOf[page];
        if (frame == ABSENT) {
            throw new IllegalStateException("page %d has no frame to leave".formatted(page));
        }
        int at = Arrays.binarySearch(resident, 0, size, page);
        System.arraycopy(resident, at + 1, resident, at, --size - at);
        frameOf[page] = ABSENT;
        return frame;
    }

    /** The frame of a page, or {@link #ABSENT}. */
    public int frame(int page) {
        return frameOf[page];
    }

    /** The page in a frame, or {@link #ABSENT}; looks through all residents. */
    public int pageIn(int frame) {
        for (int i = 0; i < size; i++) {
            if (frameOf[resident[i]] == frame) {
                return resident[i];
            }
        }
        return ABSENT;
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
        return frameOf[page] != ABSENT;
    }
}
