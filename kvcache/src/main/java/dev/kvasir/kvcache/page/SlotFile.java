package dev.kvasir.kvcache.page;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where backups go that memory has no room for: one place for each slot of a {@link HostStore}. Thread-safe. */
public interface SlotFile extends AutoCloseable {

    /**
     * Writes the contents of neighbouring slots, with a checksum each.
     *
     * @throws IOException if not all of it was written
     */
    void write(int firstSlot, List<MemorySegment> contents) throws IOException;

    /**
     * Reads the contents of a slot.
     *
     * @throws IOException if it cannot be read, or is not what was written
     */
    void read(int slot, MemorySegment contents) throws IOException;

    /** The folder, for messages. */
    String place();

    @Override
    void close();
}
