package dev.kvasir.kernels.tensor;

/** How the input of a product with 4-bit weights is held while one token, or a few, are decoded. */
public enum ActivationType {
    /** As it is: results agree with the scalar reference to 1e-5. */
    F32,
    /** Whole numbers from -127 to 127 with a scale every 32 columns: faster, and off by about a percent. */
    INT8
}
