package dev.kvasir.kernels.matrix.reference;

import dev.kvasir.kernels.tensor.Matrix;

/** A matrix times a vector: {@code y = W x}, the product {@link MatMul} of one token. */
public final class MatVec {

    private MatVec() {}

    /** Writes {@code y[yAt .. yAt + rows)} from {@code x[xAt .. xAt + cols)}. */
    public static void multiply(Matrix w, float[] x, int xAt, float[] y, int yAt) {
        MatMul.multiply(w, x, xAt, 1, y, yAt);
    }
}
