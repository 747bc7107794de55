package dev.kvasir.kvcache.page;

import java.util.function.IntSupplier;

/**
 * The digests of one layer, sequence and selection group. The digests of {@code pageSize} pages share a sheet of one or
 * more digest frames, as the kind of digest needs: page {@code i} is in lane {@code i % pageSize} of sheet
 * {@code i / pageSize}. Digest frames come from the same pool as pages and are never evicted.
 */
public final class DigestStore {
    private final int[] frames; // [sheets][framesEach]
    private final int pageSize;
    private final int framesEach;
    private int digests;
    private int held;

    /**
     * No digests, for up to {@code maxDigests} pages.
     *
     * @param framesEach frames of a sheet: {@link dev.kvasir.kernels.digest.DigestKind#frames}
     */
    public DigestStore(int maxDigests, int pageSize, int framesEach) {
        this.pageSize = pageSize;
        this.framesEach = framesEach;
        frames = new int[framesFor(maxDigests, pageSize, framesEach)];
    }

    /** Digest frames that so many digests fill. */
    public static int framesFor(int digests, int pageSize, int framesEach) {
        return (digests + pageSize - 1) / pageSize * framesEach;
    }

    /**
     * Makes room for the digest of the next page.
     *
     * @param takeFrame gives the frames of a new sheet if the last one is full
     */
    public void add(IntSupplier takeFrame) {
        while (held < framesFor(digests + 1, pageSize, framesEach)) {
            frames[held] = takeFrame.getAsInt();
            held++;
        }
        digests++;
    }

    /** Pages digested: {@code 0..digests-1}. */
    public int digests() {
        return digests;
    }

    /** The digest frames, {@code [sheets][framesEach]}; only the first {@link #frameCount} count. */
    public int[] frames() {
        return frames;
    }

    /** Digest frames in use. */
    public int frameCount() {
        return held;
    }
}
