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
final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final WritableByteChannel channel;
    private final Thread onExit;
    private long written;

    /** How a file is opened for writing; tests put failing channels here. */
    interface Opener {
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

    static AtomicFile create(Path target, Opener opener) throws IOException {
        Path part = target.resolveSibling(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
        return new AtomicFile(target, part, opener.open(part));
    }

    /** Bytes written so far. */
    long written() {
        return written;
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += channel.write(bytes);
        }
    }

    /** Puts the file in its place, over an older one if need be. */
    void commit() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        }
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
