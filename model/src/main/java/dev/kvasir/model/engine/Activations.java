package dev.kvasir.model.engine;

/** What a quantised weight matrix is multiplied with. */
public enum Activations {
    /** Blocks of 8-bit integers, so that the inner loop is integer work: fastest. */
    INT8,
    /** 32-bit floats, exact. */
    F32
}
