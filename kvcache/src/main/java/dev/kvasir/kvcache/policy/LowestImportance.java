package dev.kvasir.kvcache.policy;

/** The least important residents outside sinks, window and the latest winners. */
public final class LowestImportance {
    private LowestImportance() {}

    /**
     * Writes the {@code count} least important ones to {@code victims}, the least first; of equals the lower page goes
     * first. Winners are left out by number and not by importance, so that a tie never evicts one.
     *
     * @throws IllegalStateException if there are fewer
     */
    public static void of(PageView view, int count, int[] victims) {
        LowestResidents.of(view, PageView::importance, count, victims);
    }

    /**
     * The least important one; of equals the lower page.
     *
     * @throws IllegalStateException if there is none
     */
    public static int of(PageView view) {
        return LowestResidents.of(view, PageView::importance);
    }
}
