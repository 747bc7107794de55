package dev.kvasir.model.transformer;

import dev.kvasir.kernels.tensor.Matrix;

/** Converts weights to the form that an engine multiplies by. Several threads may call it at the same time. */
public interface WeightPacker {

    /**
     * Converts a matrix to the engine's form.
     *
     * @param name the tensor's name in the model
     */
    PackedWeight pack(String name, Matrix matrix);

    /** Called after all matrices of the model are packed. */
    default void allPacked() {}

    /** Bytes that {@link #pack} will take for this matrix, now or when it is first used. */
    long packedBytes(Matrix matrix);

    /** Writes row {@code token} of an embedding table to {@code out[offset..]}. */
    void embed(Matrix table, int token, float[] out, int offset);
}
