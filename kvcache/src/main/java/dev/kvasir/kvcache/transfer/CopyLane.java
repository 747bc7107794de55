package dev.kvasir.kvcache.transfer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one direction, in order, through two staging buffers: while one is written out, the next page is read
 * into the other. Each half of a copy is done by whichever thread comes first, so that one thread alone makes progress
 * and two overlap.
 */
final class CopyLane {
    private static final int STAGING_BUFFERS = 2;

    private final PageMove move;
    private final long pageBytes;
    private final MemorySegment[] staging = new MemorySegment[STAGING_BUFFERS];
    private final @Nullable Throwable[] readFailure = new Throwable[STAGING_BUFFERS];

    // Ring of commands; copy number c is at index c % capacity. 0 <= written <= read <= submitted <= written + capacity.
    private final MemorySegment[] from;
    private final long[] fromOffset;
    private final MemorySegment[] to;
    private final long[] toOffset;
    private final int mask;
    private volatile long submitted;
    private volatile long read;
    private volatile long written;

    private final AtomicBoolean reading = new AtomicBoolean();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final ConcurrentHashMap<Long, Throwable> failures = new ConcurrentHashMap<>();

    /** @param capacity copies that may be enqueued at once, a power of two */
    CopyLane(PageMove move, long pageBytes, int capacity, Arena arena) {
        this.move = move;
        this.pageBytes = pageBytes;
        for (int i = 0; i < STAGING_BUFFERS; i++) {
            staging[i] = arena.allocate(pageBytes, 64);
        }
        from = new MemorySegment[capacity];
        fromOffset = new long[capacity];
        to = new MemorySegment[capacity];
        toOffset = new long[capacity];
        mask = capacity - 1;
    }

    /** Enqueues a copy and returns its number, or -1 if the queue is full. One caller at a time. */
    long offer(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset) {
        long copy = submitted;
        if (copy - written > mask) {
            return -1;
        }
        int i = (int) copy & mask;
        from[i] = source;
        fromOffset[i] = sourceOffset;
        to[i] = target;
        toOffset[i] = targetOffset;
        submitted = copy + 1;
        return copy;
    }

    boolean done(long copy) {
        return copy < written;
    }

    boolean idle() {
        return written == submitted;
    }

    /** Why the copy failed, told once; null if it did not. */
    @Nullable
    Throwable takeFailure(long copy) {
        return failures.isEmpty() ? null : failures.remove(copy);
    }

    /** Does one half of a copy, if one can be done that no other thread is at. */
    boolean advance() {
        return writeOne() || readOne();
    }

    private boolean writeOne() {
        if (written == read || !writing.compareAndSet(false, true)) {
            return false;
        }
        try {
            long copy = written;
            if (copy == read) {
                return false;
            }
            int i = (int) copy & mask;
            int buffer = (int) (copy % STAGING_BUFFERS);
            var failure = readFailure[buffer];
            if (failure == null) {
                try {
                    move.move(staging[buffer], 0, to[i], toOffset[i], pageBytes);
                } catch (Throwable e) { // whatever it is, the waiter gets it
                    failure = e;
                }
            }
            if (failure != null) {
                failures.put(copy, failure);
                readFailure[buffer] = null;
            }
            written = copy + 1;
            return true;
        } finally {
            writing.set(false);
        }
    }

    private boolean readOne() {
        if (!readable() || !reading.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (!readable()) {
                return false;
            }
            long copy = read;
            int i = (int) copy & mask;
            int buffer = (int) (copy % STAGING_BUFFERS);
            try {
                move.move(from[i], fromOffset[i], staging[buffer], 0, pageBytes);
            } catch (Throwable e) { // whatever it is, the waiter gets it
                readFailure[buffer] = e;
            }
            read = copy + 1;
            return true;
        } finally {
            reading.set(false);
        }
    }

    private boolean readable() {
        long copy = read;
        return copy < submitted && copy - written < STAGING_BUFFERS;
    }
}
