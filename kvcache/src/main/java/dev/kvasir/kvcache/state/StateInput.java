package dev.kvasir.kvcache.state;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Reads the sections that a {@link StateOutput} has written. Values are given out only after their checksums have been
 * compared; memory is filled first and then compared. Each method throws a {@link StateException} if the bytes are cut,
 * have changed, or are those of another section.
 */
public final class StateInput {
    private static final int BUFFER = 256 << 10;
    /** Pieces from this size on are read without a copy. */
    private static final int LARGE = 32 << 10;

    private final Source source;
    private final long bytes;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private final CRC32C checksum = new CRC32C();
    private long at; // bytes given out
    private String section = "";
    private long left; // bytes of the section
    private int run; // bytes since the last checksum

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** Reads bytes into what remains of the buffer; returns how many, or -1 at the end. */
        int read(ByteBuffer bytes) throws IOException;
    }

    /**
     * An input before its first section.
     *
     * @param bytes how many there are
     * @param at bytes that have been read before, for messages
     */
    public StateInput(Source source, long bytes, long at) {
        this.source = source;
        this.bytes = bytes;
        this.at = at;
    }

    /** Reads a section of values; all of them must be read. */
    public void values(String name, Consumer<StateReader> values) throws IOException {
        Section header = begin(name);
        if (header.bytes() > Integer.MAX_VALUE - 8) {
            throw new StateException("its section '%s' of %d bytes is too large".formatted(name, header.bytes()));
        }
        ByteBuffer contents = ByteBuffer.allocate((int) header.bytes());
        read(contents);
        var reader = new StateReader(name, contents.flip());
        values.accept(reader);
        reader.end();
    }

    /** Fills several pieces of memory, one after the other, with the bytes of a section. */
    public void memory(String name, List<MemorySegment> pieces) throws IOException {
        long wanted = pieces.stream().mapToLong(MemorySegment::byteSize).sum();
        Section header = begin(name);
        if (header.bytes() != wanted) {
            throw new StateException(
                    "its section '%s' has %d bytes in place of %d".formatted(name, header.bytes(), wanted));
        }
        for (MemorySegment piece : pieces) {
            for (long from = 0; from < piece.byteSize(); from += Section.RUN) {
                read(piece.asSlice(from, Math.min(Section.RUN, piece.byteSize() - from)).asByteBuffer());
            }
        }
    }

    /** Checks that nothing is left. */
    public void end() throws IOException {
        begin("end");
        if (at < bytes) {
            throw new StateException("it has %d bytes in place of %d".formatted(bytes, at));
        }
    }

    private Section begin(String name) throws IOException {
        section = name;
        long start = at;
        ByteBuffer header = ByteBuffer.allocate(Section.HEADER);
        get(header);
        Section read = Section.of(header.flip(), start);
        if (!read.name().equals(name)) {
            throw new StateException(
                    "byte %d begins its section '%s' in place of '%s'".formatted(start, read.name(), name));
        }
        if (read.stored() > bytes - at) {
            throw new StateException("it is cut off: its section '%s' needs %d bytes, and %d are left".formatted(name,
                    read.stored(), bytes - at));
        }
        left = read.bytes();
        run = 0;
        checksum.reset();
        return read;
    }

    private void read(ByteBuffer contents) throws IOException {
        int end = contents.limit();
        while (contents.position() < end) {
            int from = contents.position();
            int count = Math.min(end - from, Section.RUN - run);
            get(contents.limit(from + count));
            checksum.update(contents.duplicate().position(from));
            contents.limit(end);
            run += count;
            left -= count;
            if (run == Section.RUN || left == 0) {
                compare();
            }
        }
    }

    private void compare() throws IOException {
        ByteBuffer stored = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        get(stored);
        if (stored.getInt(0) != (int) checksum.getValue()) {
            throw new StateException("bytes %d to %d, in its section '%s', have changed since they were written"
                    .formatted(at - Integer.BYTES - run, at - 1, section));
        }
        checksum.reset();
        run = 0;
    }

    /** Fills what remains of {@code into}. */
    private void get(ByteBuffer into) throws IOException {
        at += into.remaining();
        while (into.hasRemaining()) {
            if (buffer.hasRemaining()) {
                int count = Math.min(buffer.remaining(), into.remaining());
                into.put(into.position(), buffer, buffer.position(), count);
                into.position(into.position() + count);
                buffer.position(buffer.position() + count);
            } else if (into.remaining() >= LARGE) {
                fill(into);
            } else {
                fill(buffer.clear());
                buffer.flip();
            }
        }
    }

    private void fill(ByteBuffer some) throws IOException {
        if (source.read(some) < 0) {
            throw new StateException("it is cut off after %d bytes, in its section '%s'".formatted(bytes, section));
        }
    }
}
