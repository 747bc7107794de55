package dev.kvasir.kernels.attention.tornado;

/**
 * The parts that a launch of paged attention writes, out of all parts of a record: lists of pages are cut into parts,
 * which work-groups attend at the same time.
 *
 * @param first number of the first part that this launch writes
 * @param count parts that this launch writes
 * @param total parts of a record
 */
public record Parts(int first, int count, int total) {
    /** Tokens of a part that keep a work-group busy. */
    private static final int TOKENS = 256;
    private static final int MOST = 32;

    /** The number of parts for lists of up to {@code tokens} tokens. */
    public static int count(int tokens) {
        return Math.clamp((tokens + TOKENS - 1) / TOKENS, 1, MOST);
    }
}
