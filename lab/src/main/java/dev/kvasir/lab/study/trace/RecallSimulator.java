package dev.kvasir.lab.study.trace;

import java.util.Arrays;

/**
 * Simulates the recalls of an ArkVale cache along a trace (the paper's figure 4b). After the prompt the
 * {@code capacity} ranked pages of highest importance have frames. Each step needs the {@code k} best pages: it recalls
 * those without a frame and evicts as many others, the least important first. A page that leaves the window is evicted
 * ({@code --turnover fifo}), unless there is room for it. Sinks and window have frames of their own and are not
 * counted. So the capacity may be as small as {@code k}, while a cache's budget must be at least twice that.
 */
public final class RecallSimulator {
    private final int k;
    private final int capacity;
    private final boolean[] resident; // [pages]
    private final boolean[] wanted; // [pages]
    private int end; // end (exclusive) of the pages ranked so far

    /**
     * An empty cache of one layer and selection group.
     *
     * @param k pages chosen a step
     * @param capacity number of ranked pages with a frame, at least {@code k}
     * @param maxPages largest number of pages of the sequence
     */
    public RecallSimulator(int k, int capacity, int maxPages) {
        if (k < 1 || capacity < k) {
            throw new IllegalArgumentException(
                    "%d pages chosen a step do not fit a capacity of %d".formatted(k, capacity));
        }
        this.k = k;
        this.capacity = capacity;
        resident = new boolean[maxPages];
        wanted = new boolean[maxPages];
    }

    /** Ends the prompt and keeps the best of its ranked pages. */
    public void begin(PageRanking ranking) {
        Arrays.fill(resident, false);
        for (int i = 0; i < Math.min(capacity, ranking.size()); i++) {
            resident[ranking.order()[i]] = true;
        }
        end = ranking.end();
    }

    /**
     * One decode step.
     *
     * @param ranking the pages to choose from; a page that is new among them has just left the window
     * @return number of recalled pages
     */
    public int step(PageRanking ranking) {
        int[] order = ranking.order();
        int winners = Math.min(k, order.length);
        int recalls = 0;
        for (; end < ranking.end(); end++) {
            resident[end] = residents(ranking) < capacity;
        }
        Arrays.fill(wanted, false);
        for (int i = 0; i < winners; i++) {
            wanted[order[i]] = true;
            if (!resident[order[i]]) {
                resident[order[i]] = true;
                recalls++;
            }
        }
        int leave = Math.max(0, residents(ranking) - capacity);
        for (int i = order.length - 1; leave > 0; i--) {
            if (resident[order[i]] && !wanted[order[i]]) {
                resident[order[i]] = false;
                leave--;
            }
        }
        return recalls;
    }

    private int residents(PageRanking ranking) {
        int count = 0;
        for (int page : ranking.order()) {
            count += resident[page] ? 1 : 0;
        }
        return count;
    }
}
