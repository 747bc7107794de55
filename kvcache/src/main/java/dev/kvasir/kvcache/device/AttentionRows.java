package dev.kvasir.kvcache.device;

/**
 * What some queries gave to the tokens they attended to: one row a query and query head, of scaled logits and of softmax
 * weights, in the order of the lists attended. Filled by the observing operations of a {@link KvDevice}; the room grows
 * when more is asked for than ever before.
 */
public final class AttentionRows {
    private final int queryHeads;
    private int stride; // tokens a row has room for
    private float[] logits = {}; // [queries][queryHeads][stride]
    private float[] weights = {};
    private float[] logSums = {}; // [queries][queryHeads]
    private int[] counts = {}; // [queries][queryHeads]: tokens in the row

    /** No rows yet. */
    public AttentionRows(int queryHeads) {
        this.queryHeads = queryHeads;
    }

    /** Makes room for the rows of {@code queries} queries that attend to up to {@code tokens} tokens each. */
    public void reserve(int queries, int tokens) {
        stride = tokens;
        int rows = queries * queryHeads;
        int size = Math.multiplyExact(rows, tokens);
        if (logits.length < size) {
            logits = new float[size];
            weights = new float[size];
        }
        if (counts.length < rows) {
            counts = new int[rows];
            logSums = new float[rows];
        }
    }

    /** Query heads of each query. */
    public int queryHeads() {
        return queryHeads;
    }

    /** Numbers from one row to the next, in {@link #logits} and {@link #weights}. */
    public int stride() {
        return stride;
    }

    /** Where the row of a query and query head begins in {@link #logits} and {@link #weights}. */
    public int at(int query, int queryHead) {
        return (query * queryHeads + queryHead) * stride;
    }

    /** {@code [queries][queryHeads][stride]}: {@code q.k / sqrt(headDim)}. */
    public float[] logits() {
        return logits;
    }

    /** {@code [queries][queryHeads][stride]}: {@code exp(logit - logSum)}. */
    public float[] weights() {
        return weights;
    }

    /** {@code [queries][queryHeads]}: {@code log sum exp(logit)} of the row. */
    public float[] logSums() {
        return logSums;
    }

    /** {@code [queries][queryHeads]}: tokens in the row. */
    public int[] counts() {
        return counts;
    }

    /** Notes that query {@code i} of a run of queries sees {@code before[list] + i + 1} tokens. */
    void setCausal(int queries, int[] before) {
        for (int i = 0; i < queries; i++) {
            for (int h = 0; h < queryHeads; h++) {
                counts[i * queryHeads + h] = before[h * before.length / queryHeads] + i + 1;
            }
        }
    }

    /** Notes that the heads of a single query from {@code firstHead} see {@code tokens} tokens. */
    void setCount(int firstHead, int heads, int tokens) {
        for (int h = firstHead; h < firstHead + heads; h++) {
            counts[h] = tokens;
        }
    }
}
