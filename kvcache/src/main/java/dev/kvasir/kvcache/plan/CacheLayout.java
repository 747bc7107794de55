package dev.kvasir.kvcache.plan;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.policy.PageLimits;

/**
 * All that is known of a cache when its device is made, so that a device can lay out its arrays once.
 *
 * @param groups selection groups a layer; table {@code t} of a step is group {@code t % groups} of its sequence
 *            {@code t / groups}
 * @param denseLayers first layers that keep every page
 * @param frames how many
 * @param contextTokens the longest sequence
 * @param sequences how many such sequences at once
 * @param limits of the longest sequence
 * @param evicts whether pages of managed layers leave their frames in the longest sequence
 * @param scores whether pages of managed layers are digested and judged
 * @param recalls whether pages of managed layers are backed up and come back
 */
public record CacheLayout(CacheShape shape, CacheOptions options, PageGeometry geometry, int groups, int denseLayers,
        int frames, int contextTokens, int sequences, PageLimits limits, boolean evicts, boolean scores,
        boolean recalls) {

    public static CacheLayout of(CachePlan plan, int frames, int contextTokens, int sequences) {
        return new CacheLayout(plan.shape(), plan.options(), plan.geometry(), plan.groups(), plan.denseLayers(), frames,
                contextTokens, sequences, plan.limits(contextTokens), plan.evicts(contextTokens),
                plan.scores(contextTokens), plan.recalls(contextTokens));
    }

    /** Pages of the longest sequence. */
    public int maxPages() {
        return (contextTokens + options.pageSize() - 1) / options.pageSize();
    }

    /** Whether pages of a layer are judged, once a sequence has outgrown its budget. */
    public boolean scores(int layer) {
        return scores && layer >= denseLayers;
    }

    /** Whether pages of a layer are backed up and come back. */
    public boolean recalls(int layer) {
        return recalls && layer >= denseLayers;
    }

    /** Whether the query of a layer sends early for pages of the next. */
    public boolean predicts(int layer) {
        return options.prefetch() && scores(layer) && recalls(layer) && layer + 1 < shape.layers();
    }

    /** Frames that a group of a layer holds at most while decoding. */
    public int maxResident(int layer) {
        return evicts && layer >= denseLayers ? Math.min(limits.budget(), maxPages()) : maxPages();
    }

    /** Pages that a group can select in a step. */
    public int maxWinners() {
        return Math.min(limits.selected(), maxPages());
    }

    /** Digests that the digest frames of a group have room for. */
    public int maxDigests() {
        return maxSheets() * options.pageSize();
    }

    /** Digest frames of a group. */
    public int maxDigestFrames() {
        return maxSheets() * digestFramesEach();
    }

    /** Sheets of a group: all frames that the digests of {@code pageSize} pages are in. */
    public int maxSheets() {
        return (Math.max(1, maxPages() - 1) + options.pageSize() - 1) / options.pageSize();
    }

    /** Frames of a sheet. */
    public int digestFramesEach() {
        return options.digest().frames(geometry);
    }
}
