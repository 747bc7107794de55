package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * Which pages of a trace are judged, and how: those of {@code [sinks, n - window)} of the {@code n} that a query sees.
 *
 * @param pageSize tokens a page
 * @param groups selection groups a layer
 * @param sinks first pages, not judged
 * @param window newest pages, the perhaps partial one included, not judged; at least 1
 * @param kvType how digests are stored
 */
public record Judged(int pageSize, Groups groups, HeadAggregation aggregation, int sinks, int window, KvType kvType) {

    public Judged {
        if (window < 1 || sinks < 0) {
            throw new IllegalArgumentException(
                    "%d sink and %d window pages: the newest page has no digest, so that the window is at least 1"
                            .formatted(sinks, window));
        }
    }

    /** Every page that has a digest, as the paper's figure 7 counts them. */
    public static Judged all(CacheOptions options) {
        return new Judged(options.pageSize(), options.groups(), options.aggregation(), 0, 1, options.kvType());
    }

    /** The pages that a cache of these options chooses from. */
    public static Judged candidates(CacheOptions options) {
        return new Judged(options.pageSize(), options.groups(), options.aggregation(), options.sinkPages(),
                options.windowPages(), options.kvType());
    }

    /** Pages that query {@code step} sees. */
    public int pages(AttentionTrace trace, int step) {
        return trace.position(step) / pageSize + 1;
    }

    /** Behind the last page that query {@code step} judges. */
    public int end(AttentionTrace trace, int step) {
        return Math.max(sinks, pages(trace, step) - window);
    }

    /** Selection groups a layer of the trace's model. */
    public int groups(AttentionTrace trace) {
        return groups.of(trace.shape().kvHeads());
    }
}
