package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.choice.FloatOrder;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Pages {@code from..to-1} by descending value. Of pages with equal values the lower one comes first, as in a cache's
 * selection.
 *
 * @param order the pages, the best first
 */
public record PageRanking(int from, int[] order) {

    /** Ranks pages by a value. NaN ranks below every number. */
    public static PageRanking of(int from, int to, IntToDoubleFunction value) {
        int count = Math.max(0, to - from);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) ~FloatOrder.key((float) value.applyAsDouble(from + i)) << 32 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = from + (int) keys[i];
        }
        return new PageRanking(from, order);
    }

    /** Pages ranked. */
    public int size() {
        return order.length;
    }

    /** The end (exclusive) of the pages. */
    public int end() {
        return from + order.length;
    }

    /** The rank of each page from 0, {@code [page - from]}. */
    public int[] ranks() {
        int[] ranks = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i] - from] = i;
        }
        return ranks;
    }

    /**
     * The share of this ranking's first {@code k} pages that are also among the first {@code k} of another ranking of
     * the same pages, for {@code k} from 1: {@code |E_k and R_k| / k}. It is 1 if {@code k} is larger than the number
     * of pages.
     *
     * @return {@code [k - 1]}
     */
    public double[] overlap(PageRanking other, int maxK) {
        int[] ranks = other.ranks();
        double[] shares = new double[maxK];
        int[] enters = new int[Math.min(maxK, order.length)]; // [k - 1]: pages that are in both from k on
        for (int i = 0; i < enters.length; i++) {
            int both = Math.max(i, ranks[order[i] - from]);
            if (both < enters.length) {
                enters[both]++;
            }
        }
        int common = 0;
        for (int k = 1; k <= maxK; k++) {
            if (k <= enters.length) {
                common += enters[k - 1];
                shares[k - 1] = (double) common / k;
            } else {
                shares[k - 1] = 1;
            }
        }
        return shares;
    }
}
