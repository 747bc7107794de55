package dev.kvasir.model.config;

import dev.kvasir.kvcache.plan.CacheShape;

/**
 * The shape of a decoder-only transformer.
 *
 * @param architecture {@code general.architecture} of the file
 * @param contextLength tokens of context that the model was trained for
 * @param width elements of the residual stream (embedding length)
 * @param layers number of layers
 * @param heads query heads of a layer
 * @param kvHeads key and value heads of a layer; query head {@code h} reads head {@code h / (heads / kvHeads)}
 * @param headDim elements of a head
 * @param feedForward elements inside the feed-forward part
 * @param vocabulary number of tokens
 * @param normEpsilon the epsilon that {@code rmsNorm} adds to the mean square
 */
public record ModelConfig(String architecture, int contextLength, int width, int layers, int heads, int kvHeads,
        int headDim, int feedForward, int vocabulary, float normEpsilon, RopeConfig rope) {

    /** Elements of all query heads of one token. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Elements of all key heads of one token, and of all value heads. */
    public int kvWidth() {
        return kvHeads * headDim;
    }

    /** The shape of the keys and values for a KV cache. */
    public CacheShape cacheShape() {
        return new CacheShape(layers, heads, kvHeads, headDim);
    }
}
