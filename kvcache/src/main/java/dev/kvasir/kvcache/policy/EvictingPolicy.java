package dev.kvasir.kvcache.policy;

/** A page policy under which pages leave their frames. */
public interface EvictingPolicy extends PagePolicy {

    /**
     * The pages to keep after a text, if the sequence has outgrown the budget: residents, or pages that can come back.
     *
     * @param kept receives them, ascending
     * @return how many, at most the budget
     */
    int retain(PageView view, int[] kept);

    /**
     * The page that leaves when page {@code view.pages() - 1} opens and the budget is used up: a resident, no sink, and
     * outside the window of which the new page is the last.
     */
    int leaving(PageView view);

    /**
     * The residents whose frames go to {@code count} recalled winners. By default those of lowest importance outside
     * sinks, window and winners; of equals the lower page.
     *
     * @param victims receives them, the least important first
     */
    default void victims(PageView view, int count, int[] victims) {
        LowestImportance.of(view, count, victims);
    }
}
