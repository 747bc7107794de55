package dev.kvasir.kernels.attention.tornado;

/**
 * How paged attention cuts a list of pages into parts that work-groups attend at the same time: into {@code parts} of
 * equally many whole pages, but none of fewer than {@link #LEAST_TOKENS} tokens. The cut depends on the number of pages
 * alone, so results are repeatable, and the launch is the same however long the list has become.
 */
public final class Split {
    /** A part of fewer tokens costs more to start and to merge than it saves. */
    static final int LEAST_TOKENS = 64;

    private Split() {}

    /** Pages of each part but the last, which may have fewer. */
    public static int pagesPerPart(int tokens, int parts, int pageSize) {
        int pages = (tokens + pageSize - 1) / pageSize;
        return Math.max((pages + parts - 1) / parts, (LEAST_TOKENS + pageSize - 1) / pageSize);
    }

    /** Parts that hold tokens. */
    static int used(int tokens, int parts, int pageSize) {
        int partTokens = pagesPerPart(tokens, parts, pageSize) * pageSize;
        return (tokens + partTokens - 1) / partTokens;
    }
}
