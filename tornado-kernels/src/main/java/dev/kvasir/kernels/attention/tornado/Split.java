package dev.kvasir.kernels.attention.tornado;

/**
 * The cut of a list of pages into parts that work-groups attend at the same time. All parts but the last have the same
 * number of whole pages and at least {@link #LEAST_TOKENS} tokens. The cut depends on the number of pages alone, so results
 * are repeatable, and the launch is the same for every length of the list.
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
