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
 * A file that appears under its name whole or not at all: it is written beside its place and moved there by
 * {@link #commit}. Closed without that, also by the end of the JVM, it leaves nothing behind.
 */
public final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final WritableByteChannel channel;
    private final Thread onExit;
    private long written;

    /** How a file is opened for writing; tests put failing channels here. */
    public interface Opener {
        Opener FILE = path -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

        WritableByteChannel open(Path path) throws IOException;
    }

    private AtomicFile(Path target, Path part, WritableByteChannel channel) {
        this.target = target;
        this.part = part;
        this.channel = channel;
        this.onExit = new Thread(this::deletePart, "delete " + part);
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Opens the file that becomes {@code target}; it lies beside it until then. */
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

    /** Puts the file in its place, over an older one if need be, once all of it is on the disk. */
    public void commit() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        }
        commitUnforced();
    }

    /** As {@link #commit}, without waiting for the disk: for what can be made again and is checked when it is read. */
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
            // Nothing more can be done for a disk that refuses to delete; the failure that led here is the one to tell.
            part.toFile().deleteOnExit();
        }
    }

    private void forgetOnExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook runs.
        }
    }
}
