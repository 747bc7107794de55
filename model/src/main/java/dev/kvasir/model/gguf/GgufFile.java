package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.model.gguf.TensorReader.Tensors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
    private final MappedFile mapped;
    private final Header header;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;
    private final Map<String, UnreadTensor> unread;
    private volatile String fingerprint = ""; // once it is known

    /**
     * The place of a file among those that a model is split into.
     *
     * @param number of the file, from 1
     * @param count of all files
     */
    public record Part(int number, int count) {}

    private GgufFile(Path path, MappedFile mapped, Header header, GgufMetadata metadata, Tensors tensors) {
        this.path = path;
        this.mapped = mapped;
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
        MappedFile mapped = map(path);
        try {
            return read(path, mapped);
        } catch (InternalError e) {
            RuntimeException changed = mapped.explain(e);
            mapped.close();
            throw changed;
        } catch (Throwable e) {
            mapped.close();
            throw e;
        }
    }

    private static MappedFile map(Path path) throws GgufException {
        if (Files.isDirectory(path)) {
            throw new GgufException("%s is a folder; name a GGUF file in it".formatted(path));
        }
        if (Files.exists(path) && !Files.isReadable(path)) {
            throw new GgufException("%s may not be read by this user; change its permissions".formatted(path));
        }
        try {
            return new MappedFile(path);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new GgufException("%s does not exist; check the path".formatted(path), e);
        } catch (IOException e) {
            throw new GgufException("%s cannot be read (%s); check the disk it is on".formatted(path, e.getMessage()),
                    e);
        }
    }

    private static GgufFile read(Path path, MappedFile mapped) throws GgufException {
        MemorySegment bytes = mapped.bytes();
        var cursor = new Cursor(path.toString(), bytes);
        Header header = Header.read(cursor, bytes);
        GgufMetadata metadata = new MetadataReader(cursor).read(header.keys());
        Tensors tensors = new TensorReader(cursor, bytes, alignment(path, metadata))
                .read(header.tensors());
        return new GgufFile(path, mapped, header, metadata, tensors);
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
        return mapped.bytes().byteSize();
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

    /**
     * Checks that the file has the length that it had when it was opened. This allocates nothing and takes about a
     * microsecond.
     *
     * @throws FileChangedException if it does not
     */
    public void checkLength() {
        mapped.checkLength();
    }

    /**
     * Checks that nobody has written to the file since it was opened.
     *
     * @throws FileChangedException if somebody has
     */
    public void checkUnchanged() {
        mapped.check();
    }

    /**
     * The exception for an error of the JVM while the file was read: a {@link FileChangedException} if its bytes could
     * not be read. Any other error is thrown.
     */
    public RuntimeException explain(InternalError e) {
        return mapped.explain(e);
    }

    /**
     * Identifies the model by SHA-256 of the file's length, of everything before the tensors and of samples of each tensor;
     * in hexadecimal.
     */
    public String fingerprint() {
        String known = fingerprint;
        if (known.isEmpty()) {
            known = Fingerprint.of(mapped.bytes(), tensors.values());
            fingerprint = known;
        }
        return known;
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        mapped.close();
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
