package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.gguf.TensorReader.Tensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A GGUF file of version 2 or 3, memory-mapped. All its counts, sizes and offsets are compared with the file's size
 * before memory is allocated for them.
 *
 * <p>Tensors and metadata arrays are views of the mapping. Using them after {@link #close} throws
 * {@link IllegalStateException}. Several threads may read them at the same time.
 */
public final class GgufFile implements AutoCloseable {
    /** The default of {@code general.alignment}. */
    static final int DEFAULT_ALIGNMENT = 32;

    static final String ALIGNMENT_KEY = "general.alignment";

    private final Path path;
    private final Arena arena;
    private final long bytes;
    private final Header header;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;
    private final Map<String, UnreadTensor> unread;

    /**
     * The place of a file among those that a model is split into.
     *
     * @param number of the file, from 1
     * @param count of all files
     */
    public record Part(int number, int count) {}

    private GgufFile(Path path, Arena arena, long bytes, Header header, GgufMetadata metadata, Tensors tensors) {
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
        this.header = header;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors.read());
        unread = Collections.unmodifiableMap(tensors.unread());
    }

    /**
     * Opens a file and reads everything except the contents of tensors.
     *
     * @throws GgufException if the file cannot be read, is not a GGUF file, is damaged, or is of an unsupported kind
     */
    public static GgufFile open(Path path) throws GgufException {
        Arena arena = Arena.ofShared();
        try {
            return read(path, arena, map(path, arena));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment map(Path path, Arena arena) throws GgufException {
        if (Files.isDirectory(path)) {
            throw new GgufException("%s is a folder; name a GGUF file in it".formatted(path));
        }
        try (var channel = FileChannel.open(path)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new GgufException("%s does not exist; check the path".formatted(path), e);
        } catch (AccessDeniedException e) {
            throw new GgufException("%s may not be read by this user; change its permissions".formatted(path), e);
        } catch (IOException e) {
            throw new GgufException("%s cannot be read (%s); check the disk it is on".formatted(path, e.getMessage()),
                    e);
        }
    }

    private static GgufFile read(Path path, Arena arena, MemorySegment bytes) throws GgufException {
        var cursor = new Cursor(path.toString(), bytes);
        Header header = Header.read(cursor, bytes);
        GgufMetadata metadata = new MetadataReader(cursor).read(header.keys());
        Tensors tensors = new TensorReader(cursor, bytes, alignment(path, metadata))
                .read(header.tensors());
        return new GgufFile(path, arena, bytes.byteSize(), header, metadata, tensors);
    }

    private static int alignment(Path path, GgufMetadata metadata) throws GgufException {
        int alignment = metadata.optInt(ALIGNMENT_KEY).orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || Integer.bitCount(alignment) != 1) {
            throw new GgufException(
                    "%s is damaged: %s is %d, not a power of two; download or convert it again".formatted(path,
                            ALIGNMENT_KEY, alignment));
        }
        return alignment;
    }

    /** The path of the file. */
    public Path path() {
        return path;
    }

    /** The length of the file in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The version of the format: 2 or 3. */
    public int version() {
        return header.version();
    }

    /** The keys and values. */
    public GgufMetadata metadata() {
        return metadata;
    }

    /** All tensors, in the order of the file. A file with only a vocabulary has none. */
    public Collection<GgufTensor> tensors() {
        return tensors.values();
    }

    /** The tensor of a name. */
    public Optional<GgufTensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** The tensors that Kvasir cannot compute with, in the order of the file. */
    public Collection<UnreadTensor> unreadTensors() {
        return unread.values();
    }

    /** The place of this file among those of a split model; empty if it is a whole model. */
    public Optional<Part> part() throws GgufException {
        int count = metadata.optInt("split.count").orElse(1);
        return count > 1
                ? Optional.of(new Part(metadata.optInt("split.no").orElse(0) + 1, count))
                : Optional.empty();
    }

    /**
     * Checks that the file is a whole model.
     *
     * @throws GgufException if it is one of several parts
     */
    public void checkWhole() throws GgufException {
        Optional<Part> part = part();
        if (part.isPresent()) {
            throw new GgufException(
                    "%s is part %d of a model split into %d files; join them with llama.cpp's llama-gguf-split"
                            .formatted(
                                    path, part.get().number(), part.get().count()));
        }
    }

    /**
     * Checks that Kvasir can compute with a tensor, if the file has it.
     *
     * @throws GgufException if it has a type that Kvasir does not read, or no elements
     */
    public void checkRead(String name) throws GgufException {
        UnreadTensor tensor = unread.get(name);
        if (tensor != null) {
            throw new GgufException("%s: tensor %s %s, and the model needs it; choose a file with %s".formatted(path,
                    name, tensor.problem(),
                    Arrays.stream(TensorType.values()).map(TensorType::toString).collect(Collectors.joining(", "))));
        }
    }

    /** A tensor as a matrix; a vector has one row. */
    public Optional<Matrix> findMatrix(String name) {
        return tensor(name).map(GgufTensor::matrix);
    }

    /**
     * A tensor as a matrix; a vector has one row.
     *
     * @throws GgufException if the file has none of this name
     */
    public Matrix matrix(String name) throws GgufException {
        return required(name).matrix();
    }

    /**
     * All elements of a small tensor.
     *
     * @throws GgufException if the file has none of this name
     */
    public float[] vector(String name) throws GgufException {
        return required(name).decode();
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
    }

    private GgufTensor required(String name) throws GgufException {
        checkRead(name);
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new GgufException("%s: tensor %s is missing among %d; convert the model again".formatted(path, name,
                    tensors.size()));
        }
        return tensor;
    }
}
