package dev.kvasir.kernels.tensor;

/** How the inputs of the products with weights are held. */
public enum ActivationType {
    /** As it is: results agree with the scalar reference to 1e-5. */
    F32,
    /**
     * Rounded, which is faster: while one token, or a few, are decoded, those that meet 4-bit weights are whole numbers
     * from -127 to 127 with a scale every 32 columns, and off by about a percent; in prompts, where the processor
     * multiplies 16-bit floats, all are such floats, and off by about two thousandths.
     */
    INT8
}
