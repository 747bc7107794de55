package dev.kvasir.kvcache.transfer;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.backup.PackedPage;
import dev.kvasir.kernels.backup.vector.PagePacking;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.page.HostStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of frames in the memory of the host. There are two queues, one for each direction ({@link CopyLane});
 * recalls go before backups, because a decode step waits for them. The workers of a team copy while they have nothing
 * else to do, straight from one memory to the other. Without a team, a thread of the transfers copies through staging
 * buffers; it starts with the first copy. A caller that awaits a copy helps until it is done, so that no copy waits for a
 * thread to be scheduled. Enqueueing and awaiting allocate nothing. Thread-safe.
 */
public final class HostTransfers implements PageTransfers {
    private static final int CAPACITY = 256;
    private static final int SPINS = 200;
    private static final long NAP_NANOS = 20_000;
    private static final int RECALL = 0;
    private static final int BACKUP = 1;

    private final MemorySegment[] frames; // sliced once: slicing allocates
    private final HostStore host;
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

    /**
     * Transfers with a thread of their own; copies are staged.
     *
     * @param frames the bytes of each frame: as many as a slot of the store has
     */
    public HostTransfers(MemorySegment[] frames, HostStore host) {
        this(frames, host, CAPACITY, PageMove.COPY);
    }

    /**
     * Transfers by idle workers, straight into and out of the frames.
     *
     * @param workers the caller closes them, after these transfers
     */
    public HostTransfers(MemorySegment[] frames, HostStore host, Workers workers) {
        this(frames, host, CAPACITY, PageMove.COPY, workers);
    }

    /**
     * As the first, with another queue and another way to move bytes.
     *
     * @param capacity copies that may be enqueued at once in each direction, a power of two
     */
    public HostTransfers(MemorySegment[] frames, HostStore host, int capacity, PageMove move) {
        this(frames, host, capacity, move, null);
    }

    /**
     * Transfers of pages whose backups may be stored in fewer bits.
     *
     * @param frames the bytes of each frame of this geometry
     * @param workers the team whose idle workers copy; null for a thread of the transfers
     */
    public static HostTransfers of(MemorySegment[] frames, HostStore host, BackupType backups, PageGeometry geometry,
            @Nullable Workers workers) {
        if (backups == BackupType.PAGE) {
            return new HostTransfers(frames, host, CAPACITY, PageMove.COPY, workers);
        }
        var layout = new PackedPage(geometry, backups);
        var packing = ThreadLocal.withInitial(() -> new PagePacking(layout));
        return new HostTransfers(frames, host, CAPACITY,
                (backup, at, frame, frameAt, bytes) -> packing.get().unpack(backup, at, frame, frameAt),
                (frame, frameAt, backup, at, bytes) -> packing.get().pack(frame, frameAt, backup, at), true, workers);
    }

    private HostTransfers(MemorySegment[] frames, HostStore host, int capacity, PageMove move,
            @Nullable Workers workers) {
        this(frames, host, capacity, move, move, false, workers);
    }

    private HostTransfers(MemorySegment[] frames, HostStore host, int capacity, PageMove recall, PageMove backup,
            boolean isWhole, @Nullable Workers workers) {
        this.frames = frames;
        this.host = host;
        long pageBytes = host.slotBytes();
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity %d is no power of two".formatted(capacity));
        }
        boolean staged = workers == null && !isWhole;
        lanes = new CopyLane[]{new CopyLane(recall, pageBytes, capacity, staged, isWhole, arena),
            new CopyLane(backup, pageBytes, capacity, staged, isWhole, arena)};
        // A team of one has no idle worker while its caller works.
        this.workers = workers != null && workers.size() > 1 ? workers : null;
        if (this.workers != null) {
            this.workers.addIdleWork(advanceLast);
        }
    }

    @Override
    public long backup(int frame, int slot) {
        return enqueue(BACKUP, frames[frame], 0, host.memory(slot), host.offset(slot));
    }

    @Override
    public long recall(int slot, int frame) {
        return enqueue(RECALL, host.memory(slot), host.offset(slot), frames[frame], 0);
    }

    private long enqueue(int lane, MemorySegment from, long fromOffset, MemorySegment to, long toOffset) {
        long copy;
        synchronized (enqueueing) {
            if (closed) {
                throw new IllegalStateException("the transfers are closed");
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

    /** Copies a slice from the other end of the queues, which a waiting caller reaches last. */
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

    /** The thread of the transfers: it sleeps while there is nothing to copy. */
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
        // Checked again after sleeping is set: a caller that enqueues later sees it set and wakes this thread.
        if (!closed && isIdle()) {
            LockSupport.park(this);
        }
        sleeping = false;
    }

    /** Waits for slices that other threads copy: first spins, then gives up the core, because those threads may need it. */
    private static int pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
        return spins + 1;
    }

    /** Waits for the end of the thread, because memory is freed next; keeps an interrupt for later. */
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
