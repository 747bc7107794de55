package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a GGUF file of version 3. First the caller adds all metadata and tensors, then {@link #write(Path)} writes
 * them. The file appears completely or not at all.
 *
 * <pre>{@code
 * new GgufWriter()
 *         .put("general.architecture", GgufValue.of("llama"))
 *         .tensor("output_norm.weight", TensorType.F32, List.of(64), bytes)
 *         .write(path);
 * }</pre>
 */
public final class GgufWriter {
    private static final int VERSION = 3;
    /** Channels copy heap memory through a buffer of the same size; small parts keep that buffer small. */
    private static final long PART_BYTES = 1 << 20;

    private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
    private final List<Entry> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final AtomicFile.Opener opener;

    private record Entry(String name, TensorType type, List<Integer> dims, TensorSource source) {
        long bytes() {
            long rows = dims.stream().skip(1).mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            return Math.multiplyExact(rows, type.bytes(dims.getFirst()));
        }
    }

    /** A writer of a file without keys and tensors. */
    public GgufWriter() {
        this(AtomicFile.Opener.FILE);
    }

    GgufWriter(AtomicFile.Opener opener) {
        this.opener = opener;
    }

    /** Sets a metadata value. Replaces an earlier one with the same key. */
    public GgufWriter put(String key, GgufValue value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor.
     *
     * @param dims sizes, the innermost dimension first: a matrix is {@code [cols, rows]}
     * @param source writes the tensor's bytes when the file is written
     * @throws IllegalArgumentException if there is a tensor of this name, or rows are not a whole number of blocks
     */
    public GgufWriter tensor(String name, TensorType type, List<Integer> dims, TensorSource source) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("tensor %s was already added".formatted(name));
        }
        var entry = new Entry(name, type, List.copyOf(dims), source);
        if (entry.bytes() <= 0) {
            throw new IllegalArgumentException("tensor %s has dimensions %s".formatted(name, dims));
        }
        tensors.add(entry);
        return this;
    }

    /** Adds a tensor of these bytes. */
    public GgufWriter tensor(String name, TensorType type, List<Integer> dims, MemorySegment data) {
        return tensor(name, type, dims, sink -> sink.write(data));
    }

    /** Adds a tensor of floats. */
    public GgufWriter tensor(String name, List<Integer> dims, float[] values) {
        return tensor(name, TensorType.F32, dims, ValueEncoder.segment(values));
    }

    /** Writes the file. See {@link #write(Path, WriteProgress)}. */
    public long write(Path target) throws GgufException {
        return write(target, WriteProgress.NONE);
    }

    /**
     * Writes the file. Replaces an older one.
     *
     * @return bytes of the file
     * @throws GgufException if it cannot be written; an older file is then unchanged, and no part of the new one stays
     * @throws IllegalStateException if a tensor's source gave more or less bytes than its shape has
     */
    public long write(Path target, WriteProgress progress) throws GgufException {
        int alignment = alignment();
        MemorySegment header = header(alignment);
        long total = header.byteSize();
        for (Entry tensor : tensors) {
            total = Math.addExact(total, TensorReader.align(tensor.bytes(), alignment));
        }
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new GgufException("%s is a folder; name a file in it".formatted(target));
        }
        checkSpace(target, folder, total);
        write(target, absolute, header, alignment, total, progress);
        return total;
    }

    private void write(Path target, Path absolute, MemorySegment header, int alignment, long total,
            WriteProgress progress) throws GgufException {
        long written = 0;
        try (var file = AtomicFile.create(absolute, opener)) {
            try {
                put(file, header);
                for (Entry tensor : tensors) {
                    write(file, tensor, total, progress);
                    put(file, padding(tensor.bytes(), alignment));
                }
                file.commit();
            } finally {
                written = file.written();
            }
        } catch (GgufException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new GgufException("%s cannot be written: there is no folder %s; create it or write elsewhere"
                    .formatted(target, absolute.getParent()), e);
        } catch (AccessDeniedException e) {
            throw new GgufException("%s cannot be written: this user may not write to folder %s; write elsewhere"
                    .formatted(target, absolute.getParent()), e);
        } catch (IOException e) {
            throw new GgufException(
                    "%s cannot be written (%s): it failed after %d of %d bytes, and the partial file was deleted; free some space or write elsewhere"
                            .formatted(target, e.getMessage(), written, total),
                    e);
        }
    }

    private static void write(AtomicFile file, Entry tensor, long total, WriteProgress progress) throws IOException {
        long end = file.written() + tensor.bytes();
        tensor.source.writeTo(bytes -> {
            if (bytes.byteSize() > end - file.written()) {
                throw new IllegalStateException("tensor %s was given more than its %d bytes".formatted(tensor.name,
                        tensor.bytes()));
            }
            for (long at = 0; at < bytes.byteSize(); at += PART_BYTES) {
                put(file, bytes.asSlice(at, Math.min(PART_BYTES, bytes.byteSize() - at)));
                progress.written(tensor.name, file.written(), total);
            }
        });
        if (file.written() != end) {
            throw new IllegalStateException("tensor %s was given %d bytes less than its %d".formatted(tensor.name,
                    end - file.written(), tensor.bytes()));
        }
    }

    private static void put(AtomicFile file, MemorySegment bytes) throws IOException {
        file.write(bytes.asByteBuffer());
    }

    private static void put(AtomicFile file, byte[] bytes) throws IOException {
        file.write(ByteBuffer.wrap(bytes));
    }

    private int alignment() {
        if (metadata.get(GgufFile.ALIGNMENT_KEY) instanceof GgufValue.Whole whole) {
            if (Long.bitCount(whole.value()) != 1 || whole.value() > 1 << 20) {
                throw new IllegalStateException("alignment %s is not a power of two up to 1048576".formatted(whole));
            }
            return (int) whole.value();
        }
        return GgufFile.DEFAULT_ALIGNMENT;
    }

    /** All bytes before the tensors, padded. */
    private MemorySegment header(int alignment) {
        var encoder = new ValueEncoder();
        encoder.putInt(Header.MAGIC);
        encoder.putInt(VERSION);
        encoder.putLong(tensors.size());
        encoder.putLong(metadata.size());
        metadata.forEach((key, value) -> {
            encoder.putString(key);
            encoder.putInt(value.type().ordinal());
            encoder.putValue(value);
        });
        long offset = 0;
        for (Entry tensor : tensors) {
            encoder.putString(tensor.name);
            encoder.putInt(tensor.dims.size());
            tensor.dims.forEach(encoder::putLong);
            encoder.putInt(tensor.type.id());
            encoder.putLong(offset);
            offset += TensorReader.align(tensor.bytes(), alignment);
        }
        encoder.putBytes(padding(encoder.size(), alignment));
        return encoder.toSegment();
    }

    private static byte[] padding(long bytes, int alignment) {
        return new byte[(int) (TensorReader.align(bytes, alignment) - bytes)];
    }

    /** Some file systems report 0 of 0 bytes as free, which means unknown. */
    private static void checkSpace(Path target, Path folder, long total) throws GgufException {
        long free;
        try {
            FileStore store = Files.getFileStore(folder);
            free = store.getTotalSpace() > 0 ? store.getUsableSpace() : Long.MAX_VALUE;
        } catch (IOException e) {
            return; // opening the file will report the folder's problem
        }
        if (free < total) {
            throw new GgufException(
                    "%s needs %d bytes, but only %d are free in %s; free some space or write elsewhere".formatted(
                            target,
                            total, free, folder));
        }
    }
}
