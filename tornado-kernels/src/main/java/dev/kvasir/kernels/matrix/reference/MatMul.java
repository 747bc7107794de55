package dev.kvasir.kernels.matrix.reference;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;

/**
 * A matrix times the vectors of many tokens, row by row: {@code Y[t] = W X[t]}. Weights are decoded to f32, each row once;
 * sums are kept in double.
 */
public final class MatMul {

    private MatMul() {}

    /** Writes {@code y[yAt + t * rows + r]} from {@code x[xAt + t * cols + c]}. */
    public static void multiply(Matrix w, float[] x, int xAt, int tokens, float[] y, int yAt) {
        TensorCodec codec = TensorCodec.of(w.type());
        float[] row = new float[w.cols()];
        for (int r = 0; r < w.rows(); r++) {
            codec.decode(w.data(), r * w.rowBytes(), row, 0, w.cols());
            for (int t = 0; t < tokens; t++) {
                double sum = 0;
                for (int c = 0; c < w.cols(); c++) {
                    sum += (double) row[c] * x[xAt + t * w.cols() + c];
                }
                y[yAt + t * w.rows() + r] = (float) sum;
            }
        }
    }
}
