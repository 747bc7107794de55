package dev.kvasir.kvcache.policy;

/** The residents outside sinks, window and the latest winners that rank lowest. */
public final class LowestResidents {
    private LowestResidents() {}

    /** A rank of pages. */
    @FunctionalInterface
    public interface Rank {
        /** The rank of a page; the lowest leaves first. */
        double of(PageView view, int page);
    }

    /**
     * Writes the {@code count} lowest ones to {@code victims}, the lowest first; of equals the lower page goes first.
     * Winners are left out by number and not by rank, so that a tie never evicts one.
     *
     * @throws IllegalStateException if there are fewer
     */
    public static void of(PageView view, Rank rank, int count, int[] victims) {
        var residents = view.residents();
        int found = 0;
        for (int i = 0; i < residents.size(); i++) {
            int page = residents.page(i);
            if (mayLeave(view, page)) {
                found = insert(view, rank, page, victims, found, count);
            }
        }
        if (found < count) {
            throw new IllegalStateException("%d pages are to leave, but only %d of %d residents may".formatted(count,
                    found, residents.size()));
        }
    }

    /**
     * The lowest one; of equals the lower page.
     *
     * @throws IllegalStateException if there is none
     */
    public static int of(PageView view, Rank rank) {
        var residents = view.residents();
        int lowest = -1;
        for (int i = 0; i < residents.size(); i++) {
            int page = residents.page(i);
            if (mayLeave(view, page)
                    && (lowest < 0 || Double.compare(rank.of(view, page), rank.of(view, lowest)) < 0)) {
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

    /** Keeps {@code victims[0..found)} the lowest pages seen, ascending by rank and then by page. */
    private static int insert(PageView view, Rank rank, int page, int[] victims, int found, int count) {
        double ofPage = rank.of(view, page);
        int at = found;
        while (at > 0 && Double.compare(rank.of(view, victims[at - 1]), ofPage) > 0) {
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
