package dev.kvasir.kernels.page;

/**
 * The query heads that share a KV head, as rows. While a page is read for them, their scores and weights are rows of
 * {@link #STRIDE} numbers, one for each token; queries that read f16 pages without decoding lie four side by side.
 */
public final class SharedRows {
    /** Numbers from one row of scores or weights to the next: the most tokens of a chunk. */
    public static final int STRIDE = 256;

    private static final int QUAD = 4; // rows that share what was read

    private SharedRows() {}

    /** Rows that {@code rows} queries take once {@link #lift} has laid them out. */
    public static int lifted(int rows) {
        return rows == 1 ? 1 : (rows + QUAD - 1) / QUAD * QUAD;
    }

    /**
     * Multiplies the queries that share one KV head, and lays four beside each other so that one index finds them.
     *
     * @param q {@code [rows][dims]} from {@code qAt}
     * @param lifted receives {@code [rows / 4][dims][4]}, or {@code [dims]} of a single row, from {@code to}
     */
    public static void lift(float[] q, int qAt, int rows, int dims, float factor, float[] lifted, int to) {
        int apart = rows == 1 ? 1 : QUAD;
        for (int row = 0; row < rows; row++) {
            int at = to + row / QUAD * QUAD * dims + row % QUAD;
            for (int d = 0; d < dims; d++) {
                lifted[at + d * apart] = q[qAt + row * dims + d] * factor;
            }
        }
    }
}
