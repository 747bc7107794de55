package dev.kvasir.kvcache.policy;

/**
 * What one layer, sequence and selection group may keep, in pages. A budget of at least {@code 2 (sinks + window)} and
 * {@code selected <= budget / 2} together guarantee {@code budget - sinks - window >= selected}: there is always a
 * resident page outside sinks, window and winners for each winner that has none.
 *
 * @param budget pages that may have frames
 * @param sinks first pages, never evicted
 * @param window newest pages, the one being filled included, never evicted
 * @param selected pages selected a step: {@code k = min(C, c/2) / pageSize} with c the budget in tokens. The original
 *            code asks for {@code K = k + sinks + (window - 1)} and counts the page being filled as one more.
 */
public record PageLimits(int budget, int sinks, int window, int selected) {

    /** The limits of {@code budget} pages of {@code pageSize} tokens, with {@code topkTokens} the paper's C. */
    public static PageLimits of(int budget, int sinks, int window, int topkTokens, int pageSize) {
        return new PageLimits(budget, sinks, window, Math.min(topkTokens / pageSize, budget / 2));
    }

    /** The least budget that leaves one page to choose. */
    public static int floor(int sinks, int window) {
        return (int) Math.min(2L * ((long) sinks + window), Integer.MAX_VALUE);
    }
}
