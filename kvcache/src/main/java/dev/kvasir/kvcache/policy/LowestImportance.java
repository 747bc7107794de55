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
        var residents = view.residents();
        int found = 0;
        for (int i = 0; i < residents.size(); i++) {
            int page = residents.page(i);
            if (mayLeave(view, page)) {
                found = insert(view, page, victims, found, count);
            }
        }
        if (found < count) {
            throw new IllegalStateException("%d pages are to leave, but only %d of %d residents may".formatted(count,
                    found, residents.size()));
        }
    }

    /**
     * The least important one; of equals the lower page.
     *
     * @throws IllegalStateException if there is none
     */
    public static int of(PageView view) {
        var residents = view.residents();
        int lowest = -1;
        for (int i = 0; i < residents.size(); i++) {
            int page = residents.page(i);
            if (mayLeave(view, page)
                    && (lowest < 0 || Float.compare(view.importance(page), view.importance(lowest)) < 0)) {
                lowest = page;
            }
        }
        if (lowest < 0) {
            throw new IllegalStateException("none of %d residents may leave".formatted(residents.size()));
        }
        return lowest;
    }

    private static boolean mayLeave(PageView view, int page) {
        return page >= view.limits().sinks() && page < view.pages() - view.limits().window() && !isWinner(view, page);
    }

    private static boolean isWinner(PageView view, int page) {
        int low = 0;
        int high = view.winners();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (view.winner(middle) < page) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < view.winners() && view.winner(low) == page;
    }

    /** Keeps {@code victims[0..found)} the least important pages seen, ascending by importance and then by page. */
    private static int insert(PageView view, int page, int[] victims, int found, int count) {
        float importance = view.importance(page);
        int at = found;
        while (at > 0 && Float.compare(view.importance(victims[at - 1]), importance) > 0) {
            at--;
        }
        if (at == count) {
            return found;
        }
        int kept = Math.min(found, count - 1);
        System.arraycopy(victims, at, victims, at + 1, kept - at);
        victims[at] = page;
        return kept + 1;
    }
}
