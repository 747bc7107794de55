package dev.kvasir.model.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name completely or not at all. It is written beside its target, and {@link #commit}
 * moves it there. If it is closed before that, or the JVM ends, it is deleted.
 */
public final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final WritableByteChannel channel;
    private final Thread onExit;
    private long written;

    /** Opens a file for writing. Tests pass failing channels. */
    public interface Opener {
        Opener FILE = path -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

        WritableByteChannel open(Path path) throws IOException;
    }

    private AtomicFile(Path target, Path part, WritableByteChannel channel) {
        this.target = target;
        this.part = part;
        this.channel = channel;
        this.onExit = new Thread(this::deletePart, "delete " + part);
        try {
            Runtime.getRuntime().addShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The JVM is ending already: a file that is written now is deleted when it is closed.
        }
    }

    /** Opens a file that will become {@code target}. Until then it has another name in the same folder. */
    public static AtomicFile create(Path target, Opener opener) throws IOException {
        Path part = target.resolveSibling(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
        return new AtomicFile(target, part, opener.open(part));
    }

    /** Bytes written so far. */
    public long written() {
        return written;
    }

    /** Appends bytes. */
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += channel.write(bytes);
        }
    }

    /** Moves the file to its target after all of it is on the disk. Replaces an older file. */
    public void commit() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        }
        commitUnforced();
    }

    /**
     * As {@link #commit}, without waiting for the disk. This suits files that can be created again and are checked when
     * they are read.
     */
    public void commitUnforced() throws IOException {
        channel.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            deletePart();
            forgetOnExit();
        }
    }

    private void deletePart() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // If the disk refuses to delete, nothing more can be done. The caller reports the earlier failure.
            part.toFile().deleteOnExit();
        }
    }

    private void forgetOnExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The JVM is ending and runs the hook.
        }
    }
}
