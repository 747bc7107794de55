package dev.kvasir.kvcache.state;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the sections that a {@link StateOutput} has written. Values are given out only after their checksums have been
 * compared; memory is filled first and then compared. Each method throws a {@link StateException} if the bytes are cut,
 * have changed, or are those of another section.
 */
public final class StateInput {
    private final Source source;
    private final long bytes;
    private long at; // the next byte

    /** Where the bytes come from. Several threads may read at once. */
    @FunctionalInterface
    public interface Source {
        /** Reads bytes from {@code at} on into what remains of the buffer; returns how many, or -1 at the end. */
        int read(ByteBuffer bytes, long at) throws IOException;
    }

    /**
     * An input before its first section.
     *
     * @param bytes how many the source has
     * @param at the first byte of the section
     */
    public StateInput(Source source, long bytes, long at) {
        this.source = source;
        this.bytes = bytes;
        this.at = at;
    }

    /** Reads a section of values; all of them must be read. */
    public void values(String name, Consumer<StateReader> values) throws IOException {
        Section section = begin(name);
        if (section.bytes() > Integer.MAX_VALUE - 8) {
            throw new StateException("its section '%s' of %d bytes is too large".formatted(name, section.bytes()));
        }
        var contents = new byte[(int) section.bytes()];
        fill(section, List.of(MemorySegment.ofArray(contents)));
        var reader = new StateReader(name, ByteBuffer.wrap(contents));
        values.accept(reader);
        reader.end();
    }

    /** Fills several pieces of memory, one after the other, with the bytes of a section. */
    public void memory(String name, List<MemorySegment> pieces) throws IOException {
        long wanted = pieces.stream().mapToLong(MemorySegment::byteSize).sum();
        Section section = begin(name);
        if (section.bytes() != wanted) {
            throw new StateException(
                    "its section '%s' has %d bytes in place of %d".formatted(name, section.bytes(), wanted));
        }
        fill(section, pieces);
    }

    /** Checks that nothing is left. */
    public void end() throws IOException {
        begin("end");
        if (at < bytes) {
            throw new StateException("it has %d bytes in place of %d".formatted(bytes, at));
        }
    }

    private Section begin(String name) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Section.HEADER);
        read(header, at, name);
        Section section = Section.of(header.flip(), at);
        if (!section.name().equals(name)) {
            throw new StateException(
                    "byte %d begins its section '%s' in place of '%s'".formatted(at, section.name(), name));
        }
        at += Section.HEADER;
        if (section.stored() > bytes - at) {
            throw new StateException("it is cut off: its section '%s' needs %d bytes, and %d are left".formatted(name,
                    section.stored(), bytes - at));
        }
        return section;
    }

    private void fill(Section section, List<MemorySegment> pieces) throws IOException {
        new Runs(section, pieces, at).read(this::read);
        at += section.stored();
    }

    /** Fills what remains of {@code into}, from {@code from} on. */
    private void read(ByteBuffer into, long from, String name) throws IOException {
        long next = from;
        while (into.hasRemaining()) {
            int count = source.read(into, next);
            if (count < 0) {
                throw new StateException("it is cut off after %d bytes, in its section '%s'".formatted(bytes, name));
            }
            next += count;
        }
    }
}
