package dev.kvasir.kvcache.transfer;

import java.lang.foreign.MemorySegment;

/** Moves the bytes of one page. */
@FunctionalInterface
public interface PageMove {

    /** A plain copy. */
    PageMove COPY = MemorySegment::copy;

    /** Copies {@code bytes} from one segment to another. */
    void move(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes);
}
