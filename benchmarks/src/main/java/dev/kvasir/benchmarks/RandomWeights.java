package dev.kvasir.benchmarks;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Matrices of every type with seeded random weights and scales of a hundredth. */
public final class RandomWeights {

    private static final short HUNDREDTH = Float.floatToFloat16(0.01f);

    private RandomWeights() {}

    /** Weights near a hundredth, with any bits in the quants of blocks. */
    public static Matrix matrix(TensorType type, int rows, int cols) {
        byte[] data = new byte[Math.toIntExact(rows * type.bytes(cols))];
        var random = new Random(1);
        random.nextBytes(data);
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < data.length; block += type.blockBytes()) {
            switch (type) {
                case F32 -> buffer.putFloat(block, 0.01f);
                case BF16 -> buffer.putShort(block, (short) (Float.floatToIntBits(0.01f) >>> 16));
                case F16, Q8_0, Q4_0, Q5_0 -> buffer.putShort(block, HUNDREDTH);
                case Q4_1, Q5_1, Q4_K, Q5_K -> buffer.putShort(block, HUNDREDTH).putShort(block + 2, HUNDREDTH);
                case Q6_K -> buffer.putShort(block + 208, HUNDREDTH);
            }
        }
        return new Matrix(type, MemorySegment.ofArray(data), rows, cols);
    }

    /** Normally distributed numbers. */
    public static float[] vector(int n) {
        var random = new Random(2);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
