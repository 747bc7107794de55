package dev.kvasir.kvcache.plan;

/**
 * The cache's counters at one moment, in pages of one selection group in one layer, or in tokens of one KV head in one
 * layer.
 *
 * @param unit what is counted: below, read "page" as this
 * @param filled pages whose last token was written
 * @param backedUp pages copied to the host store
 * @param evicted frames taken from pages
 * @param recalled pages copied back into a frame, early or late
 * @param prefetched those of them sent for early, by the query of the layer before
 * @param unused prefetched pages that the layer's own query did not select
 * @param hits selected pages that had a frame, or had got one early
 * @param misses selected pages that had none: the late recalls
 * @param bytesToHost bytes backed up
 * @param bytesToDevice bytes recalled
 * @param copyNanosHidden time spent copying while nobody waited
 * @param copyNanosExposed time somebody waited for a copy, or helped with it
 * @param deviceBytes bytes of the frames in use
 * @param deviceBytesPeak the most {@code deviceBytes} has been
 * @param deviceBytesLimit bytes of all frames
 * @param hostBytes bytes of the backups held
 * @param hostBytesPeak the most {@code hostBytes} has been
 * @param hostBytesLimit the most the host store may hold
 */
public record CacheStats(CacheUnit unit, long filled, long backedUp, long evicted, long recalled, long prefetched,
        long unused, long hits, long misses,
        long bytesToHost, long bytesToDevice, long copyNanosHidden, long copyNanosExposed, long deviceBytes,
        long deviceBytesPeak, long deviceBytesLimit, long hostBytes, long hostBytesPeak, long hostBytesLimit,
        long diskBytesWritten,
        long diskBytesRead) {

    /** The share of selected pages that had a frame, 0 to 1; 1 if none was ever selected. */
    public double hitRate() {
        return hits + misses == 0 ? 1 : (double) hits / (hits + misses);
    }

    /** The share of prefetched pages that were then selected, 0 to 1; 1 if none was prefetched. */
    public double prefetchAccuracy() {
        return prefetched == 0 ? 1 : (double) (prefetched - unused) / prefetched;
    }
}
