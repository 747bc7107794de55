package dev.kvasir.lab.study.trace;

import java.util.Arrays;

/**
 * The rank of every page by exact importance at every step, in one layer and selection group (the paper's figure 4a).
 * Unimportant pages become the most important ones, and the other way round.
 *
 * @param firstPage the first page ranked
 * @param ranks {@code [steps][page - firstPage]}, 0 for the most important page; rows have no entries for pages that
 *             open later
 */
public record RankHistory(int firstPage, int[][] ranks) {

    /** The ranks of the pages in {@code scope} at each decode step. */
    public static RankHistory of(AttentionTrace trace, int layer, int group, RankingScope scope) {
        var exact = new PageAttention(trace, scope.groups(trace), scope.pageSize());
        int[][] ranks = new int[trace.steps()][];
        for (int step = 1; step <= trace.steps(); step++) {
            exact.compute(layer, step, group);
            ranks[step - 1] = PageRanking.of(scope.sinks(), scope.end(trace, step), exact::importance).ranks();
        }
        return new RankHistory(scope.sinks(), ranks);
    }

    /** The mean share of a step's first {@code k} pages that were not among the first {@code k} of the step before. */
    public double replaced(int k) {
        double sum = 0;
        for (int step = 1; step < ranks.length; step++) {
            int now = 0;
            int stayed = 0;
            for (int page = 0; page < ranks[step].length; page++) {
                if (ranks[step][page] < k) {
                    now++;
                    stayed += page < ranks[step - 1].length && ranks[step - 1][page] < k ? 1 : 0;
                }
            }
            sum += now == 0 ? 0 : 1 - (double) stayed / now;
        }
        return ranks.length < 2 ? 0 : sum / (ranks.length - 1);
    }

    /** The number of pages that were among the first {@code k} at some step. */
    public int everChosen(int k) {
        boolean[] chosen = new boolean[pages()];
        for (int[] step : ranks) {
            for (int page = 0; page < step.length; page++) {
                chosen[page] |= step[page] < k;
            }
        }
        int count = 0;
        for (boolean one : chosen) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /**
     * The number of pages that were among the first {@code k}, fell behind the first {@code far} and came back among
     * the first {@code k}. A cache that drops evicted pages loses them.
     */
    public int returned(int k, int far) {
        int count = 0;
        for (int page = 0; page < pages(); page++) {
            boolean wasIn = false;
            boolean wasFar = false;
            boolean back = false;
            for (int[] step : ranks) {
                if (page < step.length) {
                    back |= wasFar && step[page] < k;
                    wasIn |= step[page] < k;
                    wasFar |= wasIn && step[page] >= far;
                }
            }
            count += back ? 1 : 0;
        }
        return count;
    }

    /**
     * Of the pages that were among the first {@code k} at some step, the {@code count} pages with the widest range of
     * ranks. Of equals the lower page comes first.
     *
     * @return pages of the sequence, ascending
     */
    public int[] liveliest(int k, int count) {
        int pages = pages();
        int[] least = new int[pages];
        int[] most = new int[pages];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int[] step : ranks) {
            for (int page = 0; page < step.length; page++) {
                least[page] = Math.min(least[page], step[page]);
                most[page] = Math.max(most[page], step[page]);
            }
        }
        var ranking = PageRanking.of(0, pages, page -> least[page] < k ? most[page] - least[page] : -1);
        return Arrays.stream(ranking.order())
                .filter(page -> least[page] < k)
                .limit(count)
                .map(page -> page + firstPage)
                .sorted()
                .toArray();
    }

    /** The rank of a page of the sequence at each step, NaN for steps at which it was not ranked yet. */
    public double[] of(int page) {
        return Arrays.stream(ranks)
                .mapToDouble(step -> page - firstPage < step.length ? step[page - firstPage] : Double.NaN)
                .toArray();
    }

    private int pages() {
        return Arrays.stream(ranks).mapToInt(step -> step.length).max().orElse(0);
    }
}
