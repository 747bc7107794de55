package dev.kvasir.model.repack;

import dev.kvasir.kernels.matrix.vector.pack.PackFingerprint;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The properties that packed weights depend on, as one line: the model file's size and time of change, a checksum of
 * its tensors' names, shapes and samples, and the fingerprint of each layout, which includes the vector width. If any
 * of them changes, weights are packed again.
 */
final class RepackKey {
    private static final int SAMPLE = 4096; // bytes at either end of a tensor

    private RepackKey() {}

    /**
     * The key of a model in this JVM.
     *
     * @throws IOException if the file's time of change cannot be read
     */
    static String of(GgufFile model) throws IOException {
        long changed = Files.getLastModifiedTime(model.path()).to(TimeUnit.NANOSECONDS);
        String layouts = model.tensors()
                .stream()
                .map(GgufTensor::type)
                .distinct()
                .filter(type -> type != TensorType.F32)
                .sorted()
                .map(type -> "%s %08x".formatted(type, PackFingerprint.of(type)))
                .collect(Collectors.joining(", "));
        return "%d bytes of %d ns with sample %08x as %s".formatted(model.bytes(), changed, sample(model), layouts);
    }

    private static int sample(GgufFile model) {
        CRC32C checksum = new CRC32C();
        for (GgufTensor tensor : model.tensors()) {
            String shape = tensor.name() + " " + tensor.type() + " " + tensor.dims();
            checksum.update(shape.getBytes(StandardCharsets.UTF_8));
            MemorySegment data = tensor.data();
            long sample = Math.min(SAMPLE, data.byteSize());
            checksum.update(data.asSlice(0, sample).asByteBuffer());
            checksum.update(data.asSlice(data.byteSize() - sample).asByteBuffer());
        }
        return (int) checksum.getValue();
    }
}
