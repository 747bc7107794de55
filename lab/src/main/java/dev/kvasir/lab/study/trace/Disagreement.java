package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.page.KvType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A query for which mean radii and the tight hull ({@code CUBOID_MEAN}, {@code CUBOID_MAX}) give the truly most
 * important page very different ranks, with the pages that show why.
 *
 * @param step the query
 * @param best the page of highest exact importance to this query head
 * @param rankByMean its rank by {@code CUBOID_MEAN}, from 0
 * @param rankByMax its rank by {@code CUBOID_MAX}, from 0
 * @param pages the best page, the highest pages of each of the two rankings, and the next best pages by exact
 *             importance; ascending
 */
public record Disagreement(int layer, int step, int queryHead, int best, int rankByMean, int rankByMax,
        List<Integer> pages) {
    private static final int FROM_EACH = 3; // pages of each ranking

    /**
     * A comparison of both kinds over all decode steps, layers and query heads of a trace.
     *
     * @param strongest one query for each layer and KV head, the widest gap first. Its best page is among the first
     *             three by mean radii, and the hull ranks that page farthest behind. A layer and KV head without such a
     *             query is left out
     * @param meanAhead number of queries whose best page the mean radii rank higher
     * @param maxAhead number of queries whose best page the hull ranks higher
     * @param queries number of all queries
     */
    public record Search(List<Disagreement> strongest, int meanAhead, int maxAhead, int queries) {}

    /** Searches a trace. */
    public static Search search(AttentionTrace trace, int pageSize, KvType type) {
        var shape = trace.shape();
        int shared = shape.queryHeads() / shape.kvHeads();
        var exact = new PageAttention(trace, shape.kvHeads(), pageSize);
        List<Disagreement> strongest = new ArrayList<>();
        int meanAhead = 0;
        int maxAhead = 0;
        int queries = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
                try (var estimates = new DigestEstimates(trace, layer, kvHead, shape.kvHeads(), pageSize, type,
                        List.of(DigestKind.CUBOID_MAX, DigestKind.CUBOID_MEAN))) {
                    Disagreement widest = null;
                    for (int step = 1; step <= trace.steps(); step++) {
                        for (int head = 0; head < shared; head++) {
                            var one = of(estimates, exact, trace, layer, step, kvHead * shared, head, pageSize);
                            queries++;
                            meanAhead += one.gap() > 0 ? 1 : 0;
                            maxAhead += one.gap() < 0 ? 1 : 0;
                            if (one.rankByMean() < FROM_EACH && one.gap() > 0
                                    && (widest == null || one.gap() > widest.gap())) {
                                widest = one;
                            }
                        }
                    }
                    if (widest != null) {
                        strongest.add(widest);
                    }
                }
            }
        }
        strongest.sort(Comparator.comparingInt(Disagreement::gap).reversed());
        return new Search(strongest, meanAhead, maxAhead, queries);
    }

    private static Disagreement of(DigestEstimates estimates, PageAttention exact, AttentionTrace trace, int layer,
            int step, int firstHead, int head, int pageSize) {
        int to = trace.position(step) / pageSize; // the newest page has no digest
        exact.computeHead(layer, step, firstHead + head);
        var truth = PageRanking.of(0, to, exact::importance);
        float[] byMax = estimates.scoreHead(DigestKind.CUBOID_MAX, step, to, head);
        var max = PageRanking.of(0, to, page -> byMax[page]);
        float[] byMean = estimates.scoreHead(DigestKind.CUBOID_MEAN, step, to, head);
        var mean = PageRanking.of(0, to, page -> byMean[page]);
        var pages = new TreeSet<Integer>();
        for (int i = 0; i < Math.min(FROM_EACH, to); i++) {
            pages.add(truth.order()[i]);
            pages.add(max.order()[i]);
            pages.add(mean.order()[i]);
        }
        int best = truth.order()[0];
        return new Disagreement(layer, step, firstHead + head, best, mean.ranks()[best], max.ranks()[best],
                List.copyOf(pages));
    }

    /** The rank of the best page by the hull minus its rank by the mean radii. */
    public int gap() {
        return rankByMax - rankByMean;
    }
}
