package dev.kvasir.report.gallery;

import java.util.List;

/**
 * A query and the keys of some pages, of one layer and KV head.
 *
 * @param title   what was recorded: "layer 3, head 1: the step that asks for the pass key"
 * @param text    why it is worth looking at; plain text, may be empty
 * @param query   [headDim], as the digests see it (after RoPE)
 * @param pages   the pages, at least two
 * @param winners how many pages a step would recall; rankings are compared on so many
 */
public record GalleryScene(String title, String text, float[] query, List<PageOfKeys> pages, int winners) {
    /**
     * Keeps a copy of the list. Throws IllegalArgumentException if there are fewer than two pages or keys are not as
     * long as the query.
     */
    public GalleryScene {
        pages = List.copyOf(pages);
        if (pages.size() < 2) {
            throw new IllegalArgumentException(
                    "\"%s\" has %d pages: at least 2 are compared".formatted(title, pages.size()));
        }
        if (winners < 1) {
            throw new IllegalArgumentException("\"%s\" compares %d winners: at least 1".formatted(title, winners));
        }
        for (PageOfKeys page : pages) {
            for (float[] key : page.keys()) {
                if (key.length != query.length) {
                    throw new IllegalArgumentException("a key of page %d has %d numbers, the query has %d"
                            .formatted(page.number(), key.length, query.length));
                }
            }
        }
    }

    /**
     * The keys of a page.
     *
     * @param number which page of its sequence, from 0
     * @param keys   [pageSize][headDim], after RoPE
     */
    public record PageOfKeys(int number, float[][] keys) {
        /** Throws IllegalArgumentException if there is no key. */
        public PageOfKeys {
            if (keys.length == 0) {
                throw new IllegalArgumentException("page %d has no keys".formatted(number));
            }
        }
    }

    /** Numbers of a key. */
    int headDim() {
        return query.length;
    }
}
