package dev.kvasir.kernels.tensor.tornado;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Rearranges the rows of a file into the arrays of a {@link DeviceMatrix}. */
final class MatrixUpload {
    private static final ValueLayout.OfInt FILE_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort FILE_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final int BLOCK = 32; // elements that share a scale

    private MatrixUpload() {}

    static DeviceMatrix stack(boolean nativeHalf, Matrix... parts) {
        TensorType type = commonType(parts);
        int cols = parts[0].cols();
        int rows = 0;
        for (Matrix part : parts) {
            rows = Math.addExact(rows, part.rows());
        }
        int half = type == TensorType.F16
                ? elements(rows, cols)
                : type.isQuantized() ? elements(rows, cols / BLOCK) : 1;
        var floats = new FloatArray(type == TensorType.F32 ? elements(rows, cols) : 1);
        var words = new IntArray(type.isQuantized() ? elements(rows, Words.ofRow(type.id(), cols)) : 1);
        var halves = new HalfFloatArray(nativeHalf ? half : 1);
        var bits = new ShortArray(nativeHalf ? 1 : half);
        MemorySegment toHalves = nativeHalf ? halves.getSegment() : bits.getSegment();
        long done = 0; // elements
        for (Matrix part : parts) {
            switch (type) {
                case F16 -> halves(part, toHalves, done * 2);
                case Q8_0 -> split(asBytes(part), words.getSegment(), done, toHalves, done / BLOCK * 2);
                case Q4_0 -> split(part, words.getSegment(), done / 2, toHalves, done / BLOCK * 2);
                default -> floats(part, floats.getSegment(), done * 4);
            }
            done += (long) part.rows() * cols;
        }
        return new DeviceMatrix(type, nativeHalf, floats, words, halves, bits, rows, cols);
    }

    /** The widest of the parts' types on the device: F32, F16, Q8_0, Q4_0 in this order. */
    static TensorType commonType(Matrix... parts) {
        TensorType widest = TensorType.Q4_0;
        for (Matrix part : parts) {
            if (part.cols() != parts[0].cols()) {
                throw new IllegalArgumentException(
                        "matrices of %d and %d columns do not fit below each other; bring each alone"
                                .formatted(parts[0].cols(), part.cols()));
            }
            TensorType type = DeviceMatrix.deviceType(part.type());
            if (rank(type) > rank(widest)) {
                widest = type;
            }
        }
        return widest;
    }

    private static int rank(TensorType type) {
        return switch (type) {
            case F32 -> 3;
            case F16 -> 2;
            case Q8_0 -> 1;
            default -> 0;
        };
    }

    private static int elements(int rows, int ofRow) {
        long count = (long) rows * ofRow;
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%d rows of %d elements are more than the %d that a device array holds; take a file of smaller weights"
                            .formatted(rows, ofRow, Integer.MAX_VALUE));
        }
        return (int) count;
    }

    private static void floats(Matrix from, MemorySegment to, long toAt) {
        if (from.type() == TensorType.F32) {
            MemorySegment.copy(from.data(), 0, to, toAt, from.data().byteSize());
            return;
        }
        float[] row = new float[from.cols()];
        for (int r = 0; r < from.rows(); r++) {
            TensorCodec.of(from.type()).decode(from.data(), r * from.rowBytes(), row, 0, row.length);
            MemorySegment.copy(row, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, toAt + r * 4L * row.length, row.length);
        }
    }

    private static void halves(Matrix from, MemorySegment to, long toAt) {
        if (from.type() == TensorType.F16) {
            MemorySegment.copy(from.data(), 0, to, toAt, from.data().byteSize());
            return;
        }
        float[] row = new float[from.cols()];
        for (int r = 0; r < from.rows(); r++) {
            TensorCodec.of(from.type()).decode(from.data(), r * from.rowBytes(), row, 0, row.length);
            for (int c = 0; c < row.length; c++) {
                to.set(SHORT, toAt + 2L * ((long) r * row.length + c), Float.floatToFloat16(row[c]));
            }
        }
    }

    /** Takes blocks of a binary16 scale and quants apart, and spreads the quants as {@link DeviceMatrix} says. */
    private static void split(Matrix from, MemorySegment words, long wordsAt, MemorySegment scales, long scalesAt) {
        long blocks = (long) from.rows() * from.cols() / BLOCK;
        int blockBytes = from.type().blockBytes();
        int blockWords = (blockBytes - 2) / 4;
        var file = new int[blockWords];
        for (long b = 0; b < blocks; b++) {
            scales.set(SHORT, scalesAt + b * 2, from.data().get(FILE_SHORT, b * blockBytes));
            for (int i = 0; i < blockWords; i++) {
                file[i] = from.data().get(FILE_INT, b * blockBytes + 2 + i * 4L);
            }
            for (int j = 0; j < blockWords; j++) {
                int word = blockWords == 8 ? everyEighth(file, j) : everyFourth(file, j);
                words.set(ValueLayout.JAVA_INT_UNALIGNED, wordsAt + (b * blockWords + j) * 4, word);
            }
        }
    }

    /** Bytes {@code j, j + 8, j + 16, j + 24} of a block of Q8_0. */
    private static int everyEighth(int[] file, int j) {
        int word = 0;
        for (int k = 0; k < 4; k++) {
            word |= (file[j / 4 + 2 * k] >>> j % 4 * 8 & 0xff) << 8 * k;
        }
        return word;
    }

    /** Elements {@code j, j + 4, …, j + 28} of a block of Q4_0, where byte {@code i} holds elements i and i + 16. */
    private static int everyFourth(int[] file, int j) {
        int word = 0;
        for (int k = 0; k < 4; k++) {
            int two = file[k] >>> j * 8 & 0xff;
            word |= (two & 15) << 4 * k | (two >>> 4) << 16 + 4 * k;
        }
        return word;
    }

    /** The numbers of Q5_0, -16 to 15, and of Q4_0, -8 to 7, fit the bytes of Q8_0 under the same scale. */
    private static Matrix asBytes(Matrix from) {
        if (from.type() == TensorType.Q8_0) {
            return from;
        }
        boolean five = from.type() == TensorType.Q5_0;
        int fromBytes = from.type().blockBytes();
        int toBytes = TensorType.Q8_0.blockBytes();
        int offset = five ? 16 : 8;
        long blocks = (long) from.rows() * from.cols() / BLOCK;
        MemorySegment to = Arena.ofAuto().allocate(blocks * toBytes);
        for (long b = 0; b < blocks; b++) {
            to.set(FILE_SHORT, b * toBytes, from.data().get(FILE_SHORT, b * fromBytes));
            int fifth = five ? from.data().get(FILE_INT, b * fromBytes + 2) : 0;
            long nibbles = b * fromBytes + (five ? 6 : 2);
            for (int i = 0; i < BLOCK / 2; i++) {
                int two = Byte.toUnsignedInt(from.data().get(ValueLayout.JAVA_BYTE, nibbles + i));
                int low = two & 15 | (fifth >>> i & 1) << 4;
                int high = two >>> 4 | (fifth >>> i + 16 & 1) << 4;
                to.set(ValueLayout.JAVA_BYTE, b * toBytes + 2 + i, (byte) (low - offset));
                to.set(ValueLayout.JAVA_BYTE, b * toBytes + 2 + 16 + i, (byte) (high - offset));
            }
        }
        return new Matrix(TensorType.Q8_0, to, from.rows(), from.cols());
    }
}
