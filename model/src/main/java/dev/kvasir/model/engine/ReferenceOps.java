package dev.kvasir.model.engine;

import dev.kvasir.kernels.matrix.reference.MatMul;
import dev.kvasir.kernels.rows.reference.Add;
import dev.kvasir.kernels.rows.reference.Embedding;
import dev.kvasir.kernels.rows.reference.RmsNorm;
import dev.kvasir.kernels.rows.reference.Rope;
import dev.kvasir.kernels.rows.reference.SwiGlu;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.model.config.RopePairing;
import dev.kvasir.model.transformer.Ops;
import dev.kvasir.model.transformer.PackedWeight;

/** The operations by the scalar control of each kernel, on weights as stored in the file. */
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
        Embedding.row(table, token, out, offset);
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, int rows, float[] weight, float epsilon, float[] out, int outOffset) {
        int n = weight.length;
        for (int r = 0; r < rows; r++) {
            RmsNorm.apply(x, xOffset + r * n, weight, epsilon, out, outOffset + r * n, n);
        }
    }

    @Override
    public void linear(PackedWeight[] weights, float[] x, int xOffset, int tokens, float[][] y) {
        for (int m = 0; m < weights.length; m++) {
            MatMul.multiply(((InFile) weights[m]).matrix(), x, xOffset, tokens, y[m], 0);
        }
    }

    @Override
    public void rope(RopePairing pairing, float[] x, int tokens, int heads, int headDim, float[] cos, float[] sin,
            int angleOffset, int rotaryDim) {
        for (int t = 0; t < tokens; t++) {
            int at = t * heads * headDim;
            int angle = angleOffset + t * rotaryDim / 2;
            switch (pairing) {
                case INTERLEAVED -> Rope.interleaved(x, at, heads, headDim, rotaryDim, cos, sin, angle);
                case HALVES -> Rope.halves(x, at, heads, headDim, rotaryDim, cos, sin, angle);
            }
        }
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int n) {
        SwiGlu.apply(gate, 0, up, 0, n);
    }

    @Override
    public void add(float[] x, int xOffset, float[] y, int n) {
        Add.apply(x, xOffset, y, 0, n);
    }

    @Override
    public void close() {}
}
