package dev.kvasir.model.transformer;

import dev.kvasir.kernels.tensor.Matrix;

/** Brings weights into the form that an engine multiplies by. Several threads may call it at a time. */
public interface WeightPacker {

    /**
     * Brings a matrix into the engine's own form.
     *
     * @param name the tensor's name in the model
     */
    PackedWeight pack(String name, Matrix matrix);

    /** Is called when all matrices of the model are packed. */
    default void allPacked() {}

    /** Bytes that {@link #pack} will take for this matrix, now or when it is first used. */
    long packedBytes(Matrix matrix);

    /** Writes row {@code token} of an embedding table to {@code out[offset..]}. */
    void embed(Matrix table, int token, float[] out, int offset);
}
