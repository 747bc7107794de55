package dev.kvasir.kernels.parallel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A fixed team of long-lived threads, one a core, that work on one job together. The caller is worker 0. A hand-off costs
 * a microsecond or two: workers spin for a moment before they park, because the next job of a decode step follows within
 * microseconds; nothing is allocated.
 *
 * <p>Other processes may have the CPU of a worker. Therefore nobody waits for a worker that took no piece of a range, and
 * a worker that kept somebody waiting for long {@linkplain Rest rests}: the others work without it for some milliseconds.
 *
 * <p>One job runs at a time: a second caller waits for the first. A task must not start another on the same team. With
 * one worker a run is a plain call.
 */
public final class Workers implements AutoCloseable {

    /** What every worker does once in a {@link #run}. */
    @FunctionalInterface
    public interface Task {

        /**
         * @param worker 0 (the caller) to {@code workers - 1}: the index of scratch memory that nobody else touches
         * @param workers the size of the team
         */
        void run(int worker, int workers);
    }

    /** A piece of a range, claimed by one worker. */
    @FunctionalInterface
    public interface RangeTask {

        /**
         * @param worker who claimed it: 0 (the caller) to {@code size() - 1}
         * @param from first index
         * @param to one past the last index
         */
        void run(int worker, int from, int to);
    }

    /** How long the caller sleeps so that the system may move it to an idle CPU. */
    private static final long MOVE_NANOS = 50_000;

    private static final Task NOTHING = (worker, workers) -> {};
    private static final RangeTask NO_RANGE = (worker, from, to) -> {};

    private final ReentrantLock oneRun = new ReentrantLock();
    private final Worker[] others; // worker i + 1
    private final Shares shares;
    private final Rests rests; // of the caller
    private final Failures failures = new Failures();
    private final IdleWork idleWork = new IdleWork();
    private final AtomicLong finished = new AtomicLong(); // pieces and tasks that the others ever did

    // Written before pieces are dealt or tasks are due, read by those who have one.
    private Task task = NOTHING;
    private RangeTask rangeTask = NO_RANGE;
    private int rangeEnd;
    private int grain;

    private volatile int epoch; // jobs begun
    private volatile boolean callerParked;
    private volatile Thread caller = Thread.currentThread();
    private volatile long keptWaiting; // the last job and worker whose spin ended after its pieces

    // Of the caller.
    private long awaited; // what finished is when the others are done
    private boolean closed;

    /**
     * Starts {@code size - 1} daemon threads.
     *
     * @throws IllegalArgumentException if {@code size} is not positive
     */
    public Workers(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a team of %d workers can do nothing: give at least 1".formatted(size));
        }
        others = new Worker[size - 1];
        shares = new Shares(size);
        rests = new Rests(others);
        for (int i = 0; i < others.length; i++) {
            others[i] = new Worker(this, i + 1);
        }
        for (Worker worker : others) {
            worker.start();
        }
    }

    /** Workers in the team, the caller included. */
    public int size() {
        return others.length + 1;
    }

    /**
     * Runs {@code task} once in every worker and returns when all are done.
     *
     * @throws IllegalStateException if called from within a task of this team, or after {@link #close}
     * @throws RuntimeException what a worker threw, or an {@link Error}; what others threw is suppressed in it
     */
    public void run(Task task) {
        enter();
        try {
            if (others.length == 0) {
                task.run(0, 1);
            } else {
                runInAll(task);
            }
        } finally {
            oneRun.unlock();
        }
    }

    /**
     * Cuts {@code [0, n)} into pieces of {@code grain} indices, the last one shorter. Every worker has an equal run of
     * pieces that it takes in order, so that what it reads is one stream, and helps the others when it is done. The caller
     * takes what no other worker does, and a single piece at once. After a failure pieces that nobody took are left out.
     *
     * @throws IllegalStateException if called from within a task of this team, or after {@link #close}
     * @throws RuntimeException what a worker threw, or an {@link Error}; what others threw is suppressed in it
     */
    public void forEachRange(int n, int grain, RangeTask task) {
        if (n < 0 || grain < 1) {
            throw new IllegalArgumentException("cannot cut %d indices into pieces of %d".formatted(n, grain));
        }
        enter();
        try {
            int pieces = (int) (((long) n + grain - 1) / grain);
            if (others.length == 0 || pieces <= 1) {
                for (int piece = 0; piece < pieces; piece++) {
                    task.run(0, piece * grain, end(piece, grain, n));
                }
                return;
            }
            this.rangeTask = task;
            this.rangeEnd = n;
            this.grain = grain;
            runTogether(pieces);
        } finally {
            rangeTask = NO_RANGE;
            oneRun.unlock();
        }
    }

    private static int end(int piece, int grain, int n) {
        return n - piece * grain < grain ? n : (piece + 1) * grain;
    }

    /**
     * Adds something that workers do while they wait for a task: called again and again, by several at once, as long as
     * it says that there was something to do; a worker takes part in the next job when its call has ended, so each must be
     * short (a few microseconds). The caller of {@link #run} takes no part.
     *
     * @param work must throw nothing
     */
    public void addIdleWork(BooleanSupplier work) {
        oneRun.lock();
        try {
            idleWork.add(work);
        } finally {
            oneRun.unlock();
        }
    }

    /** Takes idle work away again; when this returns, no worker is at it. */
    public void removeIdleWork(BooleanSupplier work) {
        refuseNested();
        oneRun.lock();
        try {
            idleWork.remove(work);
            if (!closed && others.length > 0) {
                runInAll(NOTHING);
            }
        } finally {
            oneRun.unlock();
        }
    }

    /** Says that there is idle work: wakes one of the workers that sleep, if none is awake. */
    public void wakeOneForIdleWork() {
        for (Worker worker : others) {
            if (!worker.isParked()) {
                return;
            }
        }
        if (others.length > 0) {
            others[0].wakeForIdleWork();
        }
    }

    /** Ends the threads and waits for them. A task that runs is finished first; a second close does nothing. */
    @Override
    public void close() {
        refuseNested();
        oneRun.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            rests.endAll();
            begin();
            boolean interrupted = false;
            for (Worker worker : others) {
                while (worker.isAlive()) {
                    try {
                        worker.join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            oneRun.unlock();
        }
    }

    private void enter() {
        refuseNested();
        oneRun.lock();
        if (closed) {
            oneRun.unlock();
            throw new IllegalStateException("this team of %d workers is closed".formatted(size()));
        }
    }

    private void refuseNested() {
        if (oneRun.isHeldByCurrentThread()
                || Thread.currentThread() instanceof Worker worker && worker.team() == this) {
            throw new IllegalStateException(
                    "a task of a team of %d workers cannot use the same team: split the work before the run".formatted(
                            size()));
        }
    }

    private void runInAll(Task task) {
        long start = System.nanoTime();
        this.task = task;
        rests.endAll();
        for (Worker worker : others) {
            worker.setDue();
        }
        begin();
        try {
            task.run(0, size());
        } catch (Throwable e) {
            failures.add(e);
        }
        awaitOthers(others.length, start);
        this.task = NOTHING;
        failures.rethrow();
    }

    private void runTogether(int pieces) {
        long start = System.nanoTime();
        rests.end(start);
        shares.deal(pieces);
        begin();
        int mine = takePieces(0);
        long waiting = keptWaiting;
        awaitOthers(pieces - mine, start);
        if (waiting >>> Integer.SIZE == epoch) {
            // The caller came last and did not run: this worker or another process has its CPU. With the worker at rest a
            // CPU may be idle; a thread that wakes up goes there, one that runs stays where it is.
            long now = System.nanoTime();
            rests.begin(others[(int) waiting - 1], now, now - start);
            LockSupport.parkNanos(this, MOVE_NANOS);
        }
        failures.rethrow();
    }

    private void begin() {
        if (caller != Thread.currentThread()) {
            caller = Thread.currentThread();
        }
        epoch = epoch + 1 & Integer.MAX_VALUE;
        for (Worker worker : others) {
            worker.wake();
        }
    }

    private int takePieces(int worker) {
        int taken = 0;
        int workers = size();
        for (int i = 0; i < workers; i++) {
            int owner = worker + i < workers ? worker + i : worker + i - workers;
            for (int piece = shares.take(owner); piece >= 0; piece = shares.take(owner)) {
                if (taken++ == 0) {
                    shares.setHolding(worker, true);
                }
                runPiece(worker, piece);
            }
        }
        return taken;
    }

    private void runPiece(int worker, int piece) {
        if (failures.isEmpty()) {
            try {
                rangeTask.run(worker, piece * grain, end(piece, grain, rangeEnd));
            } catch (Throwable e) {
                failures.add(e);
            }
        }
        if (worker == 0 && !rests.isEmpty()) {
            rests.end(System.nanoTime());
        }
    }

    private void awaitOthers(int count, long start) {
        awaited += count;
        long from = start;
        for (int spins = 1; finished.get() != awaited; spins++) {
            Thread.onSpinWait();
            if (spins % Worker.SPINS_PER_LOOK_AT_CLOCK == 0) {
                long now = System.nanoTime();
                if (spins == Worker.SPINS_PER_LOOK_AT_CLOCK) {
                    from = now;
                } else if (now - from > Worker.SPIN_NANOS) {
                    rests.markLate(shares);
                    park();
                    now = System.nanoTime();
                    // A wait shorter than the caller's own part may be one for a long piece.
                    if (now - from > from - start) {
                        rests.beginLate(now, now - from);
                    }
                    return;
                }
            }
        }
    }

    private void park() {
        boolean interrupted = false;
        callerParked = true;
        while (finished.get() != awaited) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        callerParked = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // What follows is called by the workers.

    int epoch() {
        return epoch;
    }

    boolean isClosed() {
        return closed;
    }

    boolean advanceIdleWork() {
        return idleWork.advance();
    }

    void runTask(int worker) {
        try {
            task.run(worker, size());
        } catch (Throwable e) {
            failures.add(e);
        }
        finish(1);
    }

    /** Works on the pieces of the job. Whether the worker got one. */
    boolean takePiecesOf(int worker) {
        int taken = takePieces(worker);
        if (taken > 0) {
            shares.setHolding(worker, false);
            finish(taken);
        }
        return taken > 0;
    }

    /** Says that a worker waited for longer than a spin after a job of which it had short pieces. */
    void noteKeptWaiting(int job, int worker) {
        keptWaiting = (long) job << Integer.SIZE | worker;
    }

    private void finish(int count) {
        // Read before the count rises: afterwards the fields belong to the next run.
        Thread waiting = caller;
        finished.getAndAdd(count);
        if (callerParked) {
            LockSupport.unpark(waiting);
        }
    }
}
