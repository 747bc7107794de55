package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * The pages of a trace that are ranked, and how: pages {@code [sinks, n - window)} of the {@code n} pages that a query
 * sees.
 *
 * @param pageSize tokens of a page
 * @param groups selection groups of a layer
 * @param sinks number of first pages that are not ranked
 * @param window number of newest pages that are not ranked, including a partial one; at least 1
 * @param kvType how digests are stored
 */
public record RankingScope(int pageSize, Groups groups, HeadAggregation aggregation, int sinks, int window,
        KvType kvType) {

    public RankingScope {
        if (window < 1 || sinks < 0) {
            throw new IllegalArgumentException(
                    "%d sink and %d window pages: the newest page has no digest, so that the window is at least 1"
                            .formatted(sinks, window));
        }
    }

    /** All pages with a digest, as in the paper's figure 7. */
    public static RankingScope all(CacheOptions options) {
        return new RankingScope(options.pageSize(), options.groups(), options.aggregation(), 0, 1, options.kvType());
    }

    /** The pages from which a cache of these options chooses. */
    public static RankingScope candidates(CacheOptions options) {
        return new RankingScope(options.pageSize(), options.groups(), options.aggregation(), options.sinkPages(),
                options.windowPages(), options.kvType());
    }

    /** Pages that query {@code step} sees. */
    public int pages(AttentionTrace trace, int step) {
        return trace.position(step) / pageSize + 1;
    }

    /** The end (exclusive) of the pages that are ranked for query {@code step}. */
    public int end(AttentionTrace trace, int step) {
        return Math.max(sinks, pages(trace, step) - window);
    }

    /** Selection groups a layer of the trace's model. */
    public int groups(AttentionTrace trace) {
        return groups.of(trace.shape().kvHeads());
    }
}
