package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kernels.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a copy of a model with its weight matrices in another type. */
public final class Quantizer {

    /**
     * The result of a conversion.
     *
     * @param converted number of tensors of the new type
     * @param kept number of unchanged tensors: vectors, and matrices whose rows are not a whole number of blocks
     * @param bytesBefore bytes of the file read
     * @param bytesAfter bytes of the file written
     */
    public record Result(int converted, int kept, long bytesBefore, long bytesAfter) {}

    private Quantizer() {}

    /**
     * Writes {@code in} to {@code out} with every weight matrix in {@code type}. Vectors (norms, biases) and matrices
     * whose rows are not a whole number of blocks stay unchanged.
     *
     * @throws GgufException if {@code type} can only be read, if both are the same file, or if {@code out} cannot be written
     */
    public static Result quantize(GgufFile in, Path out, TensorType type, WriteProgress progress)
            throws GgufException {
        if (!TensorCodec.of(type).canEncode()) {
            throw new GgufException("%s can be read but not written; quantise to q8_0 or q4_0".formatted(type));
        }
        checkDistinct(in.path(), out);
        in.checkWhole();
        for (UnreadTensor tensor : in.unreadTensors()) {
            in.checkRead(tensor.name());
        }
        var writer = new GgufWriter();
        in.metadata().values().forEach(writer::put);
        FileTypes.put(writer, type);
        int converted = 0;
        for (GgufTensor tensor : in.tensors()) {
            if (isMatrix(tensor) && tensor.type() != type && tensor.cols() % type.blockElements() == 0) {
                writer.tensor(tensor.name(), type, tensor.dims(), converted(tensor, type));
                converted++;
            } else {
                writer.tensor(tensor.name(), tensor.type(), tensor.dims(), tensor.data());
            }
        }
        long bytes = writer.write(out, progress);
        return new Result(converted, in.tensors().size() - converted, in.bytes(), bytes);
    }

    private static boolean isMatrix(GgufTensor tensor) {
        return tensor.dims().size() > 1 && tensor.name().endsWith(".weight");
    }

    private static TensorSource converted(GgufTensor tensor, TensorType type) {
        TensorCodec from = TensorCodec.of(tensor.type());
        TensorCodec to = TensorCodec.of(type);
        int cols = tensor.cols();
        long fromRow = tensor.type().bytes(cols);
        long toRow = type.bytes(cols);
        return new RowStream(tensor.rows(), toRow, (firstRow, rows, target) -> {
            float[] row = new float[cols];
            for (int r = 0; r < rows; r++) {
                from.decode(tensor.data(), (firstRow + r) * fromRow, row, 0, cols);
                to.encode(row, 0, cols, target, r * toRow);
            }
        });
    }

    private static void checkDistinct(Path in, Path out) throws GgufException {
        try {
            if (Files.exists(out) && Files.isSameFile(in, out)) {
                throw new GgufException("%s cannot be read and written at the same time; give the output another name"
                        .formatted(out));
            }
        } catch (GgufException e) {
            throw e;
        } catch (IOException e) {
            throw new GgufException("%s and %s cannot be compared (%s); give the output another name".formatted(in, out,
                    e.getMessage()), e);
        }
    }
}
