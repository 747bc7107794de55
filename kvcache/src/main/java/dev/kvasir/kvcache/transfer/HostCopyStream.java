package dev.kvasir.kvcache.transfer;

import dev.kvasir.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The copy stream of frames that the host's threads reach: two queues, one a direction ({@link CopyLane}); recalls go
 * before backups, because a decode step waits for them. Copies are made by the workers of a team while they have nothing
 * else to do, straight from one memory to the other; or else, through staging buffers, by a thread of the stream's own,
 * which starts with the first copy. Whoever awaits a copy helps until it is done, so that nothing waits for a thread to be
 * scheduled. Enqueueing and awaiting allocate nothing.
 */
public final class HostCopyStream implements CopyStream {
    private static final int CAPACITY = 256;
    private static final int SPINS = 200;
    private static final long NAP_NANOS = 20_000;
    private static final int RECALL = 0;
    private static final int BACKUP = 1;

    private final Arena arena = Arena.ofShared();
    private final CopyLane[] lanes; // [RECALL], [BACKUP]: in order of urgency
    private final AtomicInteger waiters = new AtomicInteger();
    private final AtomicLong hiddenNanos = new AtomicLong();
    private final AtomicLong exposedNanos = new AtomicLong();
    private final Object enqueueing = new Object();
    private final @Nullable Workers workers;
    private final BooleanSupplier advanceLast = this::advanceLast;
    private volatile boolean sleeping;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /** A stream for pages of {@code pageBytes}, with a thread of its own; copies are staged. */
    public HostCopyStream(long pageBytes) {
        this(pageBytes, CAPACITY, PageMove.COPY);
    }

    /**
     * A stream for pages of {@code pageBytes} that idle workers copy, straight into and out of the frames that they
     * compute on.
     *
     * @param workers stay the caller's to close, after this stream
     */
    public HostCopyStream(long pageBytes, Workers workers) {
        this(pageBytes, CAPACITY, PageMove.COPY, workers);
    }

    /**
     * As the first, with another queue and another way to move bytes.
     *
     * @param capacity copies that may be enqueued at once in each direction, a power of two
     */
    public HostCopyStream(long pageBytes, int capacity, PageMove move) {
        this(pageBytes, capacity, move, null);
    }

    private HostCopyStream(long pageBytes, int capacity, PageMove move, @Nullable Workers workers) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity %d is no power of two".formatted(capacity));
        }
        boolean staged = workers == null;
        lanes = new CopyLane[]{new CopyLane(move, pageBytes, capacity, staged, arena),
            new CopyLane(move, pageBytes, capacity, staged, arena)};
        // A team of one has nobody idle while its caller works.
        this.workers = workers != null && workers.size() > 1 ? workers : null;
        if (this.workers != null) {
            this.workers.addIdleWork(advanceLast);
        }
    }

    @Override
    public long backup(MemorySegment frame, MemorySegment host, long hostOffset) {
        return enqueue(BACKUP, frame, 0, host, hostOffset);
    }

    @Override
    public long recall(MemorySegment host, long hostOffset, MemorySegment frame) {
        return enqueue(RECALL, host, hostOffset, frame, 0);
    }

    private long enqueue(int lane, MemorySegment from, long fromOffset, MemorySegment to, long toOffset) {
        long copy;
        synchronized (enqueueing) {
            if (closed) {
                throw new IllegalStateException("the copy stream is closed");
            }
            copy = lanes[lane].offer(from, fromOffset, to, toOffset);
            if (copy < 0) {
                long start = System.nanoTime();
                waiters.incrementAndGet();
                int spins = 0;
                do {
                    spins = lanes[RECALL].advance() || lanes[BACKUP].advance() ? 0 : pause(spins);
                    copy = lanes[lane].offer(from, fromOffset, to, toOffset);
                } while (copy < 0);
                waiters.decrementAndGet();
                exposedNanos.addAndGet(System.nanoTime() - start);
            }
            if (workers == null && thread == null) {
                thread = Thread.ofPlatform().daemon().name("kvasir-copy").start(this::run);
            }
        }
        if (workers != null) {
            workers.wakeOneForIdleWork();
        } else if (sleeping) {
            LockSupport.unpark(thread);
        }
        return copy << 1 | lane;
    }

    @Override
    public boolean done(long ticket) {
        return lanes[(int) ticket & 1].done(ticket >> 1);
    }

    @Override
    public void await(long ticket) {
        var lane = lanes[(int) ticket & 1];
        long copy = ticket >> 1;
        if (!lane.done(copy)) {
            long start = System.nanoTime();
            waiters.incrementAndGet();
            int spins = 0;
            while (!lane.done(copy)) {
                spins = lane.advance() ? 0 : pause(spins);
            }
            waiters.decrementAndGet();
            exposedNanos.addAndGet(System.nanoTime() - start);
        }
        var failure = lane.takeFailure(copy);
        if (failure != null) {
            throw new CopyFailedException("the %s of a page failed: %s".formatted(
                    (ticket & 1) == BACKUP ? "backup" : "recall", failure), failure);
        }
    }

    @Override
    public long hiddenNanos() {
        return hiddenNanos.get();
    }

    @Override
    public long exposedNanos() {
        return exposedNanos.get();
    }

    @Override
    public void close() {
        synchronized (enqueueing) {
            if (closed) {
                return;
            }
            closed = true;
            if (workers != null) {
                workers.removeIdleWork(advanceLast);
                while (advance()) {
                    Thread.onSpinWait();
                }
            }
            if (thread != null) {
                LockSupport.unpark(thread);
                join(thread);
            }
        }
        arena.close();
    }

    /** Copies a slice, of a recall first, if there is one to copy. */
    private boolean advance() {
        if (isIdle()) {
            return false;
        }
        long start = System.nanoTime();
        return noteHidden(start, lanes[RECALL].advance() || lanes[BACKUP].advance());
    }

    /** The same from the other end, where whoever waits comes last. */
    private boolean advanceLast() {
        if (isIdle()) {
            return false;
        }
        long start = System.nanoTime();
        return noteHidden(start, lanes[RECALL].advanceLast() || lanes[BACKUP].advanceLast());
    }

    private boolean isIdle() {
        return lanes[RECALL].idle() && lanes[BACKUP].idle();
    }

    private boolean noteHidden(long start, boolean copied) {
        if (copied && waiters.get() == 0) {
            hiddenNanos.addAndGet(System.nanoTime() - start);
        }
        return copied;
    }

    /** The stream's own thread: asleep while there is nothing to copy. */
    private void run() {
        int spins = 0;
        while (true) {
            if (advance()) {
                spins = 0;
            } else if (isIdle()) {
                if (closed) {
                    return;
                }
                sleep();
            } else {
                spins = pause(spins);
            }
        }
    }

    private void sleep() {
        sleeping = true;
        // Looked at again after sleeping is set: whoever enqueues later sees it set and wakes this thread.
        if (!closed && isIdle()) {
            LockSupport.park(this);
        }
        sleeping = false;
    }

    /** The slices to be done are at other threads, which may not be running: waits a little, after a while without the core. */
    private static int pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
        return spins + 1;
    }

    /** Memory is freed after this, so the thread must have ended: an interrupt is kept for later. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
