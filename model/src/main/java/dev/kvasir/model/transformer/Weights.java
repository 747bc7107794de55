package dev.kvasir.model.transformer;

import dev.kvasir.kernels.tensor.Matrix;

/**
 * All weights of a model, packed for one engine.
 *
 * @param embedding {@code [vocabulary][width]}, as stored in the file
 * @param outputNorm {@code [width]}
 * @param output {@code [vocabulary][width]}
 * @param ropeFactors {@code [rotaryDim / 2]}, divides the frequencies (Llama 3); otherwise empty
 * @param bytes bytes of the packed matrices, in addition to the file
 */
public record Weights(Matrix embedding, LayerWeights[] layers, float[] outputNorm, Linear output, float[] ropeFactors,
        long bytes) {}
