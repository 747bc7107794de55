package dev.kvasir.kvcache.policy;

/**
 * The place of a {@link TokenKeeper}: one layer of one sequence.
 *
 * @param layer its layer
 * @param layers of the model
 * @param queryHeads of the layer; query head {@code h} reads KV head {@code h / shared()}
 * @param kvHeads of the layer
 * @param headDim elements of one key
 * @param budget tokens that a KV head may hold, or attend to, the newest included
 * @param maxTokens the most tokens the sequence will have: positions {@code 0..maxTokens-1}; more than the budget
 * @param sequence number of the sequence in its cache, from 0: a policy with random numbers mixes it into its seed
 */
public record TokenScope(int layer, int layers, int queryHeads, int kvHeads, int headDim, int budget, int maxTokens,
        int sequence) {

    /** Query heads that share a KV head. */
    public int shared() {
        return queryHeads / kvHeads;
    }
}
