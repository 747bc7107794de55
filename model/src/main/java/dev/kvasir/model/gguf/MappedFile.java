package dev.kvasir.model.gguf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is mapped into memory, and that tells when somebody changes it. A mapping shows such a change at once, and
 * memory beyond a new end of the file cannot be read. A file that is deleted, or replaced by another one of its name,
 * stays as it was for those who have it open.
 */
final class MappedFile implements AutoCloseable {
    /** What the JVM says of a read of mapped memory that failed. */
    private static final String FAULT = "unsafe memory access";

    private final Path path;
    private final RandomAccessFile file; // unlike a channel, it survives an interrupt of its thread
    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    private final FileTime modified;
    private final @Nullable Object key;

    MappedFile(Path path) throws IOException {
        this.path = path;
        file = new RandomAccessFile(path.toFile(), "r");
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            modified = attributes.lastModifiedTime();
            key = attributes.fileKey();
            bytes = file.getChannel().map(MapMode.READ_ONLY, 0, file.length(), arena);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** All bytes, valid until this file is closed. */
    MemorySegment bytes() {
        return bytes;
    }

    /**
     * Compares the file's length with the one at the start. It allocates nothing and takes about a microsecond.
     *
     * @throws FileChangedException if it differs
     */
    void checkLength() {
        long length = length();
        if (length != bytes.byteSize()) {
            throw new FileChangedException(lengthChanged(length));
        }
    }

    /**
     * Compares the file's length and the time of its last change with those at the start.
     *
     * @throws FileChangedException if one differs
     */
    void check() {
        checkLength();
        if (wasWritten()) {
            throw new FileChangedException("%s has been written to while it was in use: start again".formatted(path));
        }
    }

    /** The exception for an error of the JVM: a {@link FileChangedException} if it is a failed read of mapped memory. */
    RuntimeException explain(InternalError e) {
        if (e.getMessage() == null || !e.getMessage().contains(FAULT)) {
            throw e;
        }
        long length = length();
        return new FileChangedException(length != bytes.byteSize()
                ? lengthChanged(length)
                : "%s could not be read on (%s): check the disk it is on, and start again".formatted(path,
                        e.getMessage()),
                e);
    }

    private String lengthChanged(long length) {
        return "%s has changed while it was in use: it had %d bytes and now has %d; start again with a whole file"
                .formatted(path, bytes.byteSize(), length);
    }

    private long length() {
        try {
            return file.length();
        } catch (IOException e) {
            throw new FileChangedException("%s can no longer be read (%s): check the disk it is on".formatted(path,
                    e.getMessage()), e);
        }
    }

    private boolean wasWritten() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return Objects.equals(now.fileKey(), key) && !now.lastModifiedTime().equals(modified);
        } catch (IOException e) {
            return false; // it was deleted or moved, and its bytes are those that are mapped
        }
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
        try {
            file.close();
        } catch (IOException e) {
            // it was only read, so nothing is lost
        }
    }
}
