package dev.kvasir.lab.study.trace;

import dev.kvasir.kvcache.plan.CacheShape;

/**
 * The keys of all tokens of one sequence and the queries of its last tokens, post-RoPE, layer by layer. Query 0 is that of
 * the prompt's last token, query {@code s} that of decode step {@code s}; query {@code s} sees tokens
 * {@code 0..position(s)}.
 */
public final class AttentionTrace {
    private final CacheShape shape;
    private final float[][] keys; // [layers][tokens][kvHeads][headDim]
    private final float[][] queries; // [layers][1 + steps][queryHeads][headDim]
    private final int capacity; // tokens
    private int promptTokens;
    private int steps;

    /**
     * Room for a text.
     *
     * @param capacity tokens
     * @param maxSteps decode steps, at most
     */
    public AttentionTrace(CacheShape shape, int capacity, int maxSteps) {
        this.shape = shape;
        this.capacity = capacity;
        keys = new float[shape.layers()][Math.multiplyExact(capacity, keyStride())];
        queries = new float[shape.layers()][Math.multiplyExact(1 + maxSteps, queryStride())];
    }

    /** Bytes of heap that such a trace takes. */
    public static long bytes(CacheShape shape, int capacity, int maxSteps) {
        long floats = (long) capacity * shape.kvHeads() + (1L + maxSteps) * shape.queryHeads();
        return floats * shape.headDim() * shape.layers() * Float.BYTES;
    }

    /** The model's shape. */
    public CacheShape shape() {
        return shape;
    }

    /** Decode steps recorded. */
    public int steps() {
        return steps;
    }

    /** Tokens of the prompt. */
    public int promptTokens() {
        return promptTokens;
    }

    /** Tokens recorded. */
    public int tokens() {
        return promptTokens + steps;
    }

    /** Position of the token whose query is query {@code step}. */
    public int position(int step) {
        return promptTokens - 1 + step;
    }

    /** Keys of a layer, {@code [tokens][kvHeads][headDim]}. */
    public float[] keys(int layer) {
        return keys[layer];
    }

    /** Floats from one token's keys to the next's. */
    public int keyStride() {
        return shape.kvHeads() * shape.headDim();
    }

    /** Queries of a layer, {@code [1 + steps][queryHeads][headDim]}. */
    public float[] queries(int layer) {
        return queries[layer];
    }

    /** Floats from one step's queries to the next's. */
    public int queryStride() {
        return shape.queryHeads() * shape.headDim();
    }

    /** Begins a prompt of {@code tokens} tokens. */
    void beginPrompt(int tokens) {
        promptTokens = tokens;
        steps = 0;
    }

    /**
     * Records the keys of prompt tokens {@code first..first + count - 1}, and the query of the last one if it ends the
     * prompt.
     */
    void prompt(int layer, int first, int count, float[] q, float[] k) {
        System.arraycopy(k, 0, keys[layer], first * keyStride(), count * keyStride());
        if (first + count == promptTokens) {
            System.arraycopy(q, (count - 1) * queryStride(), queries[layer], 0, queryStride());
        }
    }

    /** Begins a step. */
    void beginStep() {
        if (tokens() == capacity || (steps + 2) * queryStride() > queries[0].length) {
            throw new IllegalStateException(
                    "the trace has room for %d tokens and %d steps: make a larger one".formatted(capacity,
                            queries[0].length / queryStride() - 1));
        }
        steps++;
    }

    /** Records the query and the key of the current step. */
    void step(int layer, float[] q, int qOffset, float[] k, int kOffset) {
        System.arraycopy(k, kOffset, keys[layer], position(steps) * keyStride(), keyStride());
        System.arraycopy(q, qOffset, queries[layer], steps * queryStride(), queryStride());
    }
}
