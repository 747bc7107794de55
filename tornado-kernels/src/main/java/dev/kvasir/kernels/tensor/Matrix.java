package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix as it lies in its file: {@code rows} rows of {@code cols} elements, row-major, each row a whole number
 * of blocks. {@code y = W x} has {@code x[cols]} and {@code y[rows]}.
 *
 * @param data exactly {@code type.bytes(rows * cols)} bytes; read-only, often memory-mapped
 */
public record Matrix(TensorType type, MemorySegment data, int rows, int cols) {

    public Matrix {
        long expected = Math.multiplyExact(rows, type.bytes(cols));
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("a %d x %d %s matrix has %d bytes, not %d".formatted(rows, cols, type,
                    expected, data.byteSize()));
        }
    }

    /** Bytes of one row. */
    public long rowBytes() {
        return type.bytes(cols);
    }
}
