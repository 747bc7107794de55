package dev.kvasir.kvcache.state;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Writes a state as sections with names and checksums. There are two kinds: values that code picks one by one, and
 * memory that is written as it is, in large pieces. A {@link StateInput} reads the same sections in the same order.
 */
public final class StateOutput {
    private static final int BUFFER = 256 << 10;
    /** Pieces from this size on are written without a copy. */
    private static final int LARGE = 32 << 10;

    private final Sink sink;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();
    private long left; // bytes of the section
    private int run; // bytes since the last checksum

    /** Where the bytes go. */
    @FunctionalInterface
    public interface Sink {
        /** Writes all bytes that remain in the buffer. */
        void write(ByteBuffer bytes) throws IOException;
    }

    /** An output that has written nothing. */
    public StateOutput(Sink sink) {
        this.sink = sink;
    }

    /**
     * Writes a section of values.
     *
     * @param name at most 28 ASCII letters
     */
    public void values(String name, Consumer<StateWriter> values) throws IOException {
        var writer = new StateWriter();
        values.accept(writer);
        ByteBuffer written = writer.written();
        begin(name, written.remaining());
        write(written);
    }

    /** Writes the bytes of several pieces of memory, one after the other, as one section. */
    public void memory(String name, List<MemorySegment> pieces) throws IOException {
        begin(name, pieces.stream().mapToLong(MemorySegment::byteSize).sum());
        for (MemorySegment piece : pieces) {
            for (long at = 0; at < piece.byteSize(); at += Section.RUN) {
                write(piece.asSlice(at, Math.min(Section.RUN, piece.byteSize() - at)).asByteBuffer());
            }
        }
    }

    /** Writes the last section. Nothing may follow. */
    public void end() throws IOException {
        begin("end", 0);
        flush();
    }

    private void begin(String name, long bytes) throws IOException {
        put(new Section(name, bytes).header());
        left = bytes;
        run = 0;
        checksum.reset();
    }

    private void write(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            int count = Math.min(end - bytes.position(), Section.RUN - run);
            bytes.limit(bytes.position() + count);
            checksum.update(bytes.duplicate());
            put(bytes);
            bytes.limit(end);
            run += count;
            left -= count;
            if (run == Section.RUN || left == 0) {
                room(Integer.BYTES).putInt((int) checksum.getValue());
                checksum.reset();
                run = 0;
            }
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() >= LARGE) {
            flush();
            sink.write(bytes);
        } else {
            room(bytes.remaining()).put(bytes);
        }
    }

    private ByteBuffer room(int count) throws IOException {
        if (buffer.remaining() < count) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        sink.write(buffer.flip());
        buffer.clear();
    }
}
