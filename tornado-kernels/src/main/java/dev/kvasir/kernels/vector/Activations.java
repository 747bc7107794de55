package dev.kvasir.kernels.vector;

/** What quantised weights are multiplied with. Weights that are not quantised always meet f32. */
public enum Activations {
    /** Activations quantised to 8 bits per block of 32: integer sums, about 1% off. */
    INT8,
    /** Activations as they are: weights are decoded to f32 first; several times slower. */
    F32
}
