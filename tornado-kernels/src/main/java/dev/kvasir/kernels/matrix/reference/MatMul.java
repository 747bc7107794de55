package dev.kvasir.kernels.matrix.reference;

import dev.kvasir.kernels.tensor.Matrix;

/** A matrix times the vectors of many tokens: {@code Y[t] = W X[t]}, one {@link MatVec} a token. */
public final class MatMul {

    private MatMul() {}

    /** Writes {@code y[t * rows + r]} from {@code x[t * cols + c]}. */
    public static void multiply(Matrix w, float[] x, int tokens, float[] y) {
        for (int t = 0; t < tokens; t++) {
            MatVec.multiply(w, x, t * w.cols(), y, t * w.rows());
        }
    }
}
