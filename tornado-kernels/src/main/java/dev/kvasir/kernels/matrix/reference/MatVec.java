package dev.kvasir.kernels.matrix.reference;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;

/** A matrix times a vector, row by row: {@code y = W x}. Weights are decoded to f32; sums are kept in double. */
public final class MatVec {

    private MatVec() {}

    /** Writes {@code y[yAt .. yAt + rows)} from {@code x[xAt .. xAt + cols)}. */
    public static void multiply(Matrix w, float[] x, int xAt, float[] y, int yAt) {
        TensorCodec codec = TensorCodec.of(w.type());
        float[] row = new float[w.cols()];
        for (int r = 0; r < w.rows(); r++) {
            codec.decode(w.data(), r * w.rowBytes(), row, 0, w.cols());
            double sum = 0;
            for (int c = 0; c < w.cols(); c++) {
                sum += (double) row[c] * x[xAt + c];
            }
            y[yAt + r] = (float) sum;
        }
    }
}
