package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor of a GGUF file.
 *
 * @param dims sizes as in the file, the innermost dimension first: a matrix is {@code [cols, rows]}
 * @param offset its start, in bytes from the start of the tensor data
 * @param data its bytes, read-only, valid until the file is closed
 */
public record GgufTensor(String name, TensorType type, List<Integer> dims, long offset, MemorySegment data) {
    public GgufTensor {
        dims = List.copyOf(dims);
    }

    /** Elements of a row. */
    public int cols() {
        return dims.getFirst();
    }

    /** Rows: the product of all dimensions except the first; 1 for a vector. */
    public int rows() {
        return dims.stream().skip(1).reduce(1, Math::multiplyExact);
    }

    /** The number of all elements. */
    public long elements() {
        return (long) rows() * cols();
    }

    /** The tensor as a matrix. */
    public Matrix matrix() {
        return new Matrix(type, data, rows(), cols());
    }

    /**
     * All elements as floats.
     *
     * @throws IllegalStateException if there are more than an array holds
     */
    public float[] decode() {
        if (elements() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "tensor %s has %d elements, too many for an array: decode it row by row".formatted(name,
                            elements()));
        }
        float[] values = new float[(int) elements()];
        TensorCodec.of(type).decode(data, 0, values, 0, values.length);
        return values;
    }
}
