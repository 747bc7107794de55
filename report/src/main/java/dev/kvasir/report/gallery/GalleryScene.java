package dev.kvasir.report.gallery;

import java.util.List;

/**
 * A query and the keys of some pages, of one layer and KV head.
 *
 * @param title   origin of the query: "layer 3, head 1: the step that reads the question"
 * @param text    why the scene is interesting, in plain text; may be empty
 * @param query   [headDim], after RoPE, as digests score it
 * @param pages   the pages, at least two
 * @param winners pages that a step would recall; rankings are compared on this number of pages
 */
public record GalleryScene(String title, String text, float[] query, List<PageOfKeys> pages, int winners) {
    /**
     * Keeps a copy of the list. Throws IllegalArgumentException for fewer than two pages or for keys that are not as
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
     * @param number index of the page in its sequence, from 0
     * @param keys   [pageSize][headDim], after RoPE
     */
    public record PageOfKeys(int number, float[][] keys) {
        /** Throws IllegalArgumentException if the page has no keys. */
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
