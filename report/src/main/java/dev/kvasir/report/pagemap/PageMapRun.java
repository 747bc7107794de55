package dev.kvasir.report.pagemap;

import java.util.List;
import java.util.Map;

/**
 * One run of a model with its events.
 *
 * @param name names it among the runs of a page: "arkvale"
 * @param facts what ran, in the order of display
 * @param unit what a page is: "page" or "token"
 * @param tokensPerPage tokens in it
 * @param promptTokens tokens read as step 0; step s handles the token at position {@code promptTokens - 1 + s}
 * @param layers layers of the model
 * @param groups names of the groups of a layer, each with pages of its own
 * @param kinds the words for kinds of events, by index
 * @param states the words for states of a page, by index
 * @param texts of the tokens by position; empty for tokens whose text is unknown
 * @param events what happened
 */
public record PageMapRun(String name, Map<String, String> facts, String unit, int tokensPerPage, int promptTokens,
        int layers, List<String> groups, List<String> kinds, List<String> states, List<String> texts,
        PageEvents events) {

    /** Throws IllegalArgumentException if there are more words than an event has room for. */
    public PageMapRun {
        if (Math.max(kinds.size(), states.size()) > PageEvents.MOST_WORDS) {
            throw new IllegalArgumentException("%d kinds and %d states: an event has room for %d of each".formatted(
                    kinds.size(), states.size(), PageEvents.MOST_WORDS));
        }
    }

    /** Number of pages, the one being filled included. */
    int pages() {
        long read = promptTokens + events.lastStep();
        return Math.max(events.lastPage() + 1, Math.toIntExact(Math.ceilDiv(read, tokensPerPage)));
    }
}
