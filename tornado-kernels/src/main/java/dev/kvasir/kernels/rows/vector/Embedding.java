package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;
import java.util.Objects;

/** The embedding of a token: one row of a matrix of any type. Its codec decodes it; one row is too little for vectors. */
public final class Embedding {

    private Embedding() {}

    /**
     * Writes row {@code token} to {@code x[xAt .. xAt + cols)}.
     *
     * @throws IndexOutOfBoundsException if the matrix has no such row
     */
    public static void row(Matrix table, int token, float[] x, int xAt) {
        Objects.checkIndex(token, table.rows());
        TensorCodec.of(table.type()).decode(table.data(), token * table.rowBytes(), x, xAt, table.cols());
    }
}
