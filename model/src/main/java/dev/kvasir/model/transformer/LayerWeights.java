package dev.kvasir.model.transformer;

/**
 * The weights of one layer.
 *
 * @param attentionNorm {@code [width]}
 * @param qkv query, key and value: {@code [heads * headDim][width]} and twice {@code [kvHeads * headDim][width]}
 * @param queryNorm {@code [headDim]}, the norm of each query head before RoPE (qwen3); otherwise empty
 * @param keyNorm {@code [headDim]}, the norm of each key head; otherwise empty
 * @param attentionOutput {@code [width][heads * headDim]}
 * @param feedForwardNorm {@code [width]}
 * @param gateUp twice {@code [feedForward][width]}
 * @param down {@code [width][feedForward]}
 */
public record LayerWeights(float[] attentionNorm, Linear qkv, float[] queryNorm, float[] keyNorm,
        Linear attentionOutput, float[] feedForwardNorm, Linear gateUp, Linear down) {}
