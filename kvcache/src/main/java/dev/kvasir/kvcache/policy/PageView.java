package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.page.Residents;

/** The pages of one layer, sequence and selection group, as a policy sees them. */
public interface PageView {

    /** The limits of what it may keep. */
    PageLimits limits();

    /** Pages of the sequence, the newest and perhaps partial one included: {@code 0..pages-1}. */
    int pages();

    /** The pages that have a frame. */
    Residents residents();

    /**
     * The importance of a page by the latest query, NaN if it was not estimated. In {@link EvictingPolicy#retain} and
     * {@link PagePolicy#select} all pages but the newest have one; in {@link EvictingPolicy#leaving} it is the step before's.
     */
    float importance(int page);

    /** The number of winners of the latest selection. */
    int winners();

    /** The {@code i}-th winner of the latest selection, ascending. */
    int winner(int i);

    /** The step in which a page last won, 0 if it never did. */
    long lastWon(int page);

    /**
     * The {@code k} pages of highest importance among {@code from..to-1}; of equals the lower page.
     *
     * @param pages receives them from index {@code at}, ascending
     * @return how many: the smaller of {@code k} and {@code to - from}
     */
    int top(int from, int to, int k, int[] pages, int at);

    /**
     * The pages of highest importance between sinks and window, as many as may be selected.
     *
     * @param pages receives them, ascending
     * @return how many
     */
    default int best(int[] pages) {
        return top(limits().sinks(), pages() - limits().window(), limits().selected(), pages, 0);
    }

    /** The layer. */
    int layer();

    /** The selection group within the layer. */
    int group();

    /** Decode steps the sequence has begun. */
    long step();
}
