package dev.kvasir.model.engine;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.model.config.RopePairing;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.PackedWeight;

/** The operations in scalar Java, directly from the formulas, on weights as stored in the file. */
final class ReferenceOps implements Ops {

    /** A matrix as stored in the file. */
    private record InFile(Matrix matrix) implements PackedWeight {
        @Override
        public int rows() {
            return matrix.rows();
        }

        @Override
        public int cols() {
            return matrix.cols();
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    @Override
    public PackedWeight pack(String name, Matrix matrix) {
        return new InFile(matrix);
    }

    @Override
    public long packedBytes(Matrix matrix) {
        return 0;
    }

    @Override
    public void embed(Matrix table, int token, float[] out, int offset) {
        TensorCodec.of(table.type()).decode(table.data(), token * table.rowBytes(), out, offset, table.cols());
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, int rows, float[] weight, float epsilon, float[] out, int outOffset) {
        int n = weight.length;
        for (int r = 0; r < rows; r++) {
            double squares = 0;
            for (int i = 0; i < n; i++) {
                squares += (double) x[xOffset + r * n + i] * x[xOffset + r * n + i];
            }
            float scale = (float) (1 / Math.sqrt(squares / n + epsilon));
            for (int i = 0; i < n; i++) {
                out[outOffset + r * n + i] = x[xOffset + r * n + i] * scale * weight[i];
            }
        }
    }

    @Override
    public void linear(PackedWeight[] weights, float[] x, int xOffset, int tokens, float[][] y) {
        float[] row = new float[weights[0].cols()];
        for (int m = 0; m < weights.length; m++) {
            Matrix matrix = ((InFile) weights[m]).matrix();
            for (int r = 0; r < matrix.rows(); r++) {
                embed(matrix, r, row, 0);
                for (int t = 0; t < tokens; t++) {
                    double sum = 0;
                    for (int c = 0; c < row.length; c++) {
                        sum += (double) row[c] * x[xOffset + t * row.length + c];
                    }
                    y[m][t * matrix.rows() + r] = (float) sum;
                }
            }
        }
    }

    @Override
    public void rope(RopePairing pairing, float[] x, int tokens, int heads, int headDim, float[] cos, float[] sin,
            int angleOffset, int rotaryDim) {
        int pairs = rotaryDim / 2;
        int step = pairing == RopePairing.INTERLEAVED ? 2 : 1;
        int distance = pairing == RopePairing.INTERLEAVED ? 1 : pairs;
        for (int t = 0; t < tokens; t++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < pairs; i++) {
                    int a = (t * heads + h) * headDim + i * step;
                    int b = a + distance;
                    float c = cos[angleOffset + t * pairs + i];
                    float s = sin[angleOffset + t * pairs + i];
                    float first = x[a];
                    float second = x[b];
                    x[a] = first * c - second * s;
                    x[b] = first * s + second * c;
                }
            }
        }
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int n) {
        for (int i = 0; i < n; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
        }
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            x[xOffset + i] += y[i];
        }
    }

    @Override
    public void close() {}
}
