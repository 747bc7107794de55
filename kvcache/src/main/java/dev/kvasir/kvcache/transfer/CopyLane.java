package dev.kvasir.kvcache.transfer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one direction. A copy is cut into slices that are claimed in order by whichever threads come, so that one
 * thread alone makes progress and several overlap. Either they go through two staging buffers, each thread carrying its
 * slice through one that is free (slices are small enough that what was staged is still in the cache when it is written
 * out), or straight from one memory to the other, if a thread can reach both.
 */
final class CopyLane {
    private static final int STAGING_BUFFERS = 2;
    private static final int SLICE_BYTES = 32 << 10;
    private static final int APART = 16; // ints, so that buffers are claimed on cache lines of their own

    private final PageMove move;
    private final long pageBytes;
    private final int slices; // of a copy
    private final MemorySegment[] staging; // none: straight
    private final AtomicIntegerArray busy = new AtomicIntegerArray(STAGING_BUFFERS * APART);

    // Ring of commands; copy number c is at index c % capacity.
    private final MemorySegment[] from;
    private final long[] fromOffset;
    private final MemorySegment[] to;
    private final long[] toOffset;
    private final AtomicLongArray ended; // slices ended at each index, of all the copies that have been there
    private final int mask;
    private final AtomicLong claimed = new AtomicLong(); // slices
    private final AtomicLong finished = new AtomicLong(); // slices
    private volatile long submitted; // copies

    private final ConcurrentHashMap<Long, Throwable> failures = new ConcurrentHashMap<>();

    /**
     * @param capacity copies that may be enqueued at once, a power of two
     * @param staged whether copies go through staging buffers
     * @param arena where those live
     */
    CopyLane(PageMove move, long pageBytes, int capacity, boolean staged, Arena arena) {
        this.move = move;
        this.pageBytes = pageBytes;
        slices = (int) Math.max(1, (pageBytes + SLICE_BYTES - 1) / SLICE_BYTES);
        staging = new MemorySegment[staged ? STAGING_BUFFERS : 0];
        for (int i = 0; i < staging.length; i++) {
            staging[i] = arena.allocate(Math.min(pageBytes, SLICE_BYTES), 64);
        }
        from = new MemorySegment[capacity];
        fromOffset = new long[capacity];
        to = new MemorySegment[capacity];
        toOffset = new long[capacity];
        ended = new AtomicLongArray(capacity);
        mask = capacity - 1;
    }

    /** Enqueues a copy and returns its number, or -1 if the queue is full. One caller at a time. */
    long offer(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset) {
        long copy = submitted;
        int i = (int) copy & mask;
        if (copy > mask && !done(copy - mask - 1)) {
            return -1;
        }
        from[i] = source;
        fromOffset[i] = sourceOffset;
        to[i] = target;
        toOffset[i] = targetOffset;
        submitted = copy + 1;
        return copy;
    }

    boolean done(long copy) {
        return ended.get((int) copy & mask) >= (copy / (mask + 1) + 1) * slices;
    }

    boolean idle() {
        return finished.get() == submitted * slices;
    }

    /** Why the copy failed, told once; null if it did not. */
    @Nullable
    Throwable takeFailure(long copy) {
        return failures.isEmpty() ? null : failures.remove(copy);
    }

    /** Copies one slice, if one is left to claim and a staging buffer is free. */
    boolean advance() {
        if (claimed.get() == submitted * slices) {
            return false;
        }
        if (staging.length == 0) {
            return copyOne(null);
        }
        for (int buffer = 0; buffer < staging.length; buffer++) {
            if (busy.compareAndSet(buffer * APART, 0, 1)) {
                try {
                    return copyOne(staging[buffer]);
                } finally {
                    busy.set(buffer * APART, 0);
                }
            }
        }
        return false;
    }

    private boolean copyOne(@Nullable MemorySegment stage) {
        long slice = claimed.get();
        while (slice < submitted * slices) {
            if (claimed.compareAndSet(slice, slice + 1)) {
                copy(slice / slices, slice % slices, stage);
                return true;
            }
            slice = claimed.get();
        }
        return false;
    }

    private void copy(long copy, long slice, @Nullable MemorySegment stage) {
        int i = (int) copy & mask;
        long at = slice * SLICE_BYTES;
        long bytes = Math.min(SLICE_BYTES, pageBytes - at);
        try {
            if (stage == null) {
                move.move(from[i], fromOffset[i] + at, to[i], toOffset[i] + at, bytes);
            } else {
                move.move(from[i], fromOffset[i] + at, stage, 0, bytes);
                move.move(stage, 0, to[i], toOffset[i] + at, bytes);
            }
        } catch (Throwable e) { // whatever it is, the waiter gets it
            failures.put(copy, e);
        }
        ended.incrementAndGet(i);
        finished.incrementAndGet();
    }
}
