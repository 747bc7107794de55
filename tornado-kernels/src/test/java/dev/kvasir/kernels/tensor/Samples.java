package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Seeded matrices of every type, any bits in their blocks, and vectors; and how far two results are apart. */
public final class Samples {

    private Samples() {}

    /** Weights whose blocks hold every pattern of bits, with scales from a few hundredths down to subnormal halves. */
    public static Matrix matrix(TensorType type, int rows, int cols, Random random) {
        byte[] data = new byte[Math.toIntExact(rows * type.bytes(cols))];
        random.nextBytes(data);
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        int[] halves = switch (type) {
            case F32, F16, BF16 -> new int[]{0};
            case Q8_0, Q4_0, Q5_0 -> new int[]{0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[]{0, 2};
            case Q6_K -> new int[]{208};
        };
        for (int block = 0; block < data.length; block += type.blockBytes()) {
            for (int at : halves) {
                float value = (float) random.nextGaussian() * (random.nextInt(4) == 0 ? 1e-5f : 0.02f);
                switch (type) {
                    case F32 -> buffer.putFloat(block, value);
                    case BF16 -> buffer.putShort(block, (short) (Float.floatToIntBits(value) >>> 16));
                    default -> buffer.putShort(block + at, Float.floatToFloat16(value));
                }
            }
        }
        return new Matrix(type, MemorySegment.ofArray(data), rows, cols);
    }

    public static Matrix filled(TensorType type, int rows, int cols, int quants, float scale) {
        byte[] data = new byte[Math.toIntExact(rows * type.bytes(cols))];
        java.util.Arrays.fill(data, (byte) quants);
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < data.length; block += type.blockBytes()) {
            buffer.putShort(block, Float.floatToFloat16(scale));
        }
        return new Matrix(type, MemorySegment.ofArray(data), rows, cols);
    }

    public static float[] floats(int n, Random random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** {@code ||a - b|| / ||b||}. */
    public static double distance(float[] a, float[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < b.length; i++) {
            difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            norm += (double) b[i] * b[i];
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }
}
