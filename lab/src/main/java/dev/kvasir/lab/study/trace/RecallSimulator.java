package dev.kvasir.lab.study.trace;

import java.util.Arrays;

/**
 * What an ArkVale cache would recall along a trace (the paper's figure 4b), without one: after the prompt the
 * {@code capacity} judged pages of highest importance have frames; at each step the {@code k} best are needed, those
 * without a frame are recalled, and as many others leave, the least important first. A page that leaves the window goes
 * ({@code --turnover fifo}), unless there is room for it. Sinks and window have frames besides, and are not counted: so a capacity may be as small as
 * {@code k}, where a cache's budget must be at least twice that.
 */
public final class RecallSimulator {
    private final int k;
    private final int capacity;
    private final boolean[] resident; // [pages]
    private final boolean[] wanted; // [pages]
    private int end; // behind the last page judged so far

    /**
     * An empty cache of one layer and selection group.
     *
     * @param k pages chosen a step
     * @param capacity judged pages that have a frame, at least {@code k}
     * @param maxPages pages of the sequence, at most
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

    /** The prompt is read: keeps the best of its judged pages. */
    public void begin(PageRanking judgedPages) {
        Arrays.fill(resident, false);
        for (int i = 0; i < Math.min(capacity, judgedPages.size()); i++) {
            resident[judgedPages.order()[i]] = true;
        }
        end = judgedPages.end();
    }

    /**
     * One decode step.
     *
     * @param judgedPages the pages to choose from; one that was not among them before has just left the window
     * @return pages recalled
     */
    public int step(PageRanking judgedPages) {
        int[] order = judgedPages.order();
        int winners = Math.min(k, order.length);
        int recalls = 0;
        for (; end < judgedPages.end(); end++) {
            resident[end] = residents(judgedPages) < capacity;
        }
        Arrays.fill(wanted, false);
        for (int i = 0; i < winners; i++) {
            wanted[order[i]] = true;
            if (!resident[order[i]]) {
                resident[order[i]] = true;
                recalls++;
            }
        }
        int leave = Math.max(0, residents(judgedPages) - capacity);
        for (int i = order.length - 1; leave > 0; i--) {
            if (resident[order[i]] && !wanted[order[i]]) {
                resident[order[i]] = false;
                leave--;
            }
        }
        return recalls;
    }

    private int residents(PageRanking judgedPages) {
        int count = 0;
        for (int page : judgedPages.order()) {
            count += resident[page] ? 1 : 0;
        }
        return count;
    }
}
