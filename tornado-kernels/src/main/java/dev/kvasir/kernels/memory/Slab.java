package dev.kvasir.kernels.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run of zeroed memory that is handed out from front to back and never twice. A piece that is given back leaves its
 * memory to the system at once; the addresses follow when the slab is sealed and its last piece has come back.
 */
final class Slab {

    /** Nothing can be taken from it. */
    static final Slab NONE = new Slab(MemorySegment.NULL, Arena.global(), memory -> {});

    private static final long PAGE = 4096;

    private final MemorySegment memory;
    private final Arena arena;
    private final Consumer<MemorySegment> noNeed;
    private long used;
    private int pieces;
    private boolean sealed;

    /**
     * @param memory zeroed, at an address that is a multiple of {@link #PAGE}; ends with {@code arena}
     * @param noNeed tells the system that these pages are needed no longer
     */
    Slab(MemorySegment memory, Arena arena, Consumer<MemorySegment> noNeed) {
        this.memory = memory;
        this.arena = arena;
        this.noNeed = noNeed;
    }

    /** Takes the next piece, which comes back when {@code owner} is closed; none if there is no room. */
    synchronized Optional<MemorySegment> take(Arena owner, long bytes) {
        if (bytes > memory.byteSize() - used) {
            return Optional.empty();
        }
        long from = used;
        used = Math.min(memory.byteSize(), (from + bytes + PAGE - 1) / PAGE * PAGE);
        pieces++;
        return Optional.of(MemorySegment.ofAddress(memory.address() + from)
                .reinterpret(bytes, owner, piece -> giveBack(from, from + bytes)));
    }

    /** Nothing more will be taken. */
    synchronized void seal() {
        sealed = true;
        endIfEmpty();
    }

    private synchronized void giveBack(long from, long to) {
        long first = (from + PAGE - 1) / PAGE * PAGE;
        long end = to / PAGE * PAGE;
        if (first < end) {
            noNeed.accept(memory.asSlice(first, end - first));
        }
        pieces--;
        endIfEmpty();
    }

    private void endIfEmpty() {
        if (sealed && pieces == 0 && memory.byteSize() > 0) {
            arena.close();
        }
    }
}
