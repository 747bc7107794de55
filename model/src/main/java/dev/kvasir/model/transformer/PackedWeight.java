package dev.kvasir.model.transformer;

/**
 * A weight matrix in the form that an engine multiplies by. Only the {@link WeightPacker} that packed it may use its
 * layout.
 */
public interface PackedWeight {

    /** Length of {@code y} in {@code y = W x}. */
    int rows();

    /** Length of {@code x}. */
    int cols();

    /** Bytes in memory, in addition to the file. */
    long bytes();
}
