package dev.kvasir.model.transformer;

/** A weight matrix in the form an engine multiplies by; opaque to all but the {@link WeightPacker} that packed it. */
public interface PackedWeight {

    /** Length of {@code y} in {@code y = W x}. */
    int rows();

    /** Length of {@code x}. */
    int cols();

    /** Bytes it takes besides the file. */
    long bytes();
}
