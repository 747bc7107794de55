package dev.kvasir.kvcache.disk;

import dev.kvasir.kvcache.page.SlotFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.zip.CRC32C;

/**
 * Backups in a file: slot {@code i} begins at byte {@code i * stride}, a multiple of 4096. Checksums stay in memory. The
 * file has no name once it is open, or the system deletes it with its last user, so that a crash leaves nothing behind.
 */
public final class PageFile implements SlotFile {
    private static final int ALIGNMENT = 4096;

    private final Path folder;
    private final FileChannel channel;
    private final long slotBytes;
    private final long stride;
    private final AtomicIntegerArray checksums; // [slots]

    /** A file in a folder, for slots {@code 0..slots-1}. */
    public PageFile(Path folder, int slots, long slotBytes) throws IOException {
        this.folder = folder;
        this.slotBytes = slotBytes;
        stride = stride(slotBytes);
        checksums = new AtomicIntegerArray(slots);
        Path file = Files.createTempFile(folder, "kvasir-", ".pages");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Bytes that a slot takes in the file. */
    public static long stride(long slotBytes) {
        return (slotBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public void write(int firstSlot, List<MemorySegment> contents) throws IOException {
        var buffers = new ByteBuffer[2 * contents.size()];
        var padding = ByteBuffer.allocate((int) (stride - slotBytes));
        for (int i = 0; i < contents.size(); i++) {
            buffers[2 * i] = contents.get(i).asByteBuffer();
            buffers[2 * i + 1] = padding.duplicate();
            checksums.set(firstSlot + i, checksum(contents.get(i)));
        }
        long left = stride * contents.size();
        long at = firstSlot * stride;
        synchronized (channel) { // a gathering write begins at the position of the channel
            channel.position(at);
            while (left > 0) {
                left -= channel.write(buffers);
            }
        }
    }

    private static int checksum(MemorySegment contents) {
        var sum = new CRC32C();
        sum.update(contents.asByteBuffer());
        return (int) sum.getValue();
    }

    @Override
    public void read(int slot, MemorySegment contents) throws IOException {
        var buffer = contents.asByteBuffer();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, slot * stride + buffer.position()) < 0) {
                throw new IOException(
                        "page %d ends after %d of %d bytes".formatted(slot, buffer.position(), slotBytes));
            }
        }
        if (checksum(contents) != checksums.get(slot)) {
            throw new IOException("page %d has changed since it was written".formatted(slot));
        }
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the file in %s cannot be closed".formatted(folder), e);
        }
    }
}
