package dev.kvasir.kvcache.page;

import java.util.function.IntSupplier;

/**
 * The digests of one layer, sequence and selection group: page {@code i} in lane {@code i % pageSize} of digest frame
 * {@code i / pageSize}. Digest frames come from the same pool as pages and are never evicted.
 */
public final class DigestStore {
    private final int[] frames;
    private final int pageSize;
    private int digests;

    /** No digests, for up to {@code maxDigests} pages. */
    public DigestStore(int maxDigests, int pageSize) {
        this.pageSize = pageSize;
        frames = new int[(maxDigests + pageSize - 1) / pageSize];
    }

    /** Digest frames that so many digests fill. */
    public static int framesFor(int digests, int pageSize) {
        return (digests + pageSize - 1) / pageSize;
    }

    /**
     * Makes room for the digest of the next page.
     *
     * @param takeFrame gives a new digest frame if the last one is full
     * @return the digest frame it goes to, in lane {@link #lane} of that page
     */
    public int add(IntSupplier takeFrame) {
        if (lane(digests) == 0) {
            frames[digests / pageSize] = takeFrame.getAsInt();
        }
        return frames[digests++ / pageSize];
    }

    /** The lane of a page within its digest frame. */
    public int lane(int page) {
        return page % pageSize;
    }

    /** Pages digested: {@code 0..digests-1}. */
    public int digests() {
        return digests;
    }

    /** The digest frames; only the first {@link #frameCount} count. */
    public int[] frames() {
        return frames;
    }

    /** Digest frames in use. */
    public int frameCount() {
        return framesFor(digests, pageSize);
    }
}
