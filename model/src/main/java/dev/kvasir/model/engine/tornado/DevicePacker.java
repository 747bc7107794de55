package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.model.transformer.PackedWeight;
import dev.kvasir.model.transformer.WeightPacker;

/** Keeps matrices in the file until {@link DeviceWeights} joins the ones that a single kernel multiplies. */
final class DevicePacker implements WeightPacker {

    /** A matrix as stored in the file, and the bytes that it will take on the host and again on the device. */
    record InFile(Matrix matrix, long bytes) implements PackedWeight {
        @Override
        public int rows() {
            return matrix.rows();
        }

        @Override
        public int cols() {
            return matrix.cols();
        }
    }

    @Override
    public PackedWeight pack(String name, Matrix matrix) {
        return new InFile(matrix, packedBytes(matrix));
    }

    @Override
    public long packedBytes(Matrix matrix) {
        return DeviceMatrix.deviceBytes(matrix);
    }

    @Override
    public void embed(Matrix table, int token, float[] out, int offset) {
        TensorCodec.of(table.type()).decode(table.data(), token * table.rowBytes(), out, offset, table.cols());
    }
}
