package dev.kvasir.kvcache.transfer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one direction. A copy is cut into slices that are claimed by whichever threads come, so that one thread
 * alone makes progress and several overlap: from the first copy on or from the last one back, so that two threads keep to
 * copies of their own, which then lie in the cache of that core which reads them next. Either they go through two staging buffers, each thread carrying its
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
    private final AtomicLongArray claimed; // slices claimed at each index, of all the copies that have been there
    private final AtomicLongArray ended; // slices ended, likewise
    private final int mask;
    private final AtomicLong open = new AtomicLong(); // copies before this one have no slice left to claim
    private final AtomicLong finished = new AtomicLong(); // slices
    private volatile long submitted; // copies

    private final ConcurrentHashMap<Long, Throwable> failures = new ConcurrentHashMap<>();

    /**
     * @param capacity copies that may be enqueued at once, a power of two
     * @param staged whether copies go through staging buffers
     * @param isWhole whether a copy is one slice, because its bytes change on the way
     * @param arena where those live
     */
    CopyLane(PageMove move, long pageBytes, int capacity, boolean staged, boolean isWhole,
            Arena arena) {
        this.move = move;
        this.pageBytes = pageBytes;
        slices = isWhole ? 1 : (int) Math.max(1, (pageBytes + SLICE_BYTES - 1) / SLICE_BYTES);
        staging = new MemorySegment[staged ? STAGING_BUFFERS : 0];
        for (int i = 0; i < staging.length; i++) {
            staging[i] = arena.allocate(Math.min(pageBytes, SLICE_BYTES), 64);
        }
        from = new MemorySegment[capacity];
        fromOffset = new long[capacity];
        to = new MemorySegment[capacity];
        toOffset = new long[capacity];
        claimed = new AtomicLongArray(capacity);
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

    /** Copies one slice of the first copy that has one left to claim, if there is one and a staging buffer is free. */
    boolean advance() {
        if (open.get() == submitted) {
            return false;
        }
        if (staging.length == 0) {
            return copyOfFirst(null);
        }
        for (int buffer = 0; buffer < staging.length; buffer++) {
            if (busy.compareAndSet(buffer * APART, 0, 1)) {
                try {
                    return copyOfFirst(staging[buffer]);
                } finally {
                    busy.set(buffer * APART, 0);
                }
            }
        }
        return false;
    }

    /** Copies one slice of the last copy that has one left to claim, straight, if there is one. */
    boolean advanceLast() {
        long end = submitted;
        long first = Math.max(open.get(), end - mask - 1);
        for (long copy = end - 1; copy >= first; copy--) {
            int slice = claim(copy);
            if (slice >= 0) {
                copy(copy, slice, null);
                return true;
            }
        }
        close(end);
        return false;
    }

    private boolean copyOfFirst(@Nullable MemorySegment stage) {
        for (long copy = open.get(); copy < submitted; copy++) {
            int slice = claim(copy);
            if (slice >= 0) {
                copy(copy, slice, stage);
                return true;
            }
            close(copy + 1);
        }
        return false;
    }

    /** The next slice of a copy, or -1 if none is left. */
    private int claim(long copy) {
        int i = (int) copy & mask;
        long before = copy / (mask + 1) * slices;
        long next = claimed.get(i);
        while (next - before < slices) {
            if (claimed.compareAndSet(i, next, next + 1)) {
                return (int) (next - before);
            }
            next = claimed.get(i);
        }
        return -1;
    }

    private void close(long end) {
        long before = open.get();
        while (before < end && !open.compareAndSet(before, end)) {
            before = open.get();
        }
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
