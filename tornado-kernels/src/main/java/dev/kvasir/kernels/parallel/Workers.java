package dev.kvasir.kernels.parallel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of long-lived threads, one a core, that run one task together and meet again at its end. The caller is
 * worker 0. A hand-off costs a microsecond or two: workers spin for a moment before they park, because the next task of
 * a decode step follows within microseconds; nothing is allocated.
 *
 * <p>One task runs at a time: a second caller waits for the first. A task must not start another on the same team. With
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

    // Long enough to bridge the serial parts between two tasks of a decode step, short enough to leave an idle machine
    // idle.
    private static final long SPIN_NANOS = 100_000;
    private static final int SPINS_PER_LOOK_AT_CLOCK = 64;
    private static final int APART = 16; // ints
    private static final Task NOTHING = (worker, workers) -> {};
    private static final RangeTask NO_RANGE = (worker, from, to) -> {};

    private final ReentrantLock oneRun = new ReentrantLock();
    private final Worker[] others; // worker i + 1
    private final AtomicInteger pending = new AtomicInteger();
    private final Task claimRanges = this::claimRanges;

    // Written before the epoch moves, read after it was seen to move.
    private Task task = NOTHING;
    private volatile int epoch;
    private volatile boolean callerParked;
    private volatile Thread caller = Thread.currentThread();
    private volatile @Nullable Throwable failure;
    private boolean closed;

    private volatile BooleanSupplier[] idleWork = {};

    private RangeTask rangeTask = NO_RANGE;
    private int rangeEnd;
    private int grain;
    private final AtomicIntegerArray nextPiece; // one a worker, each on a cache line of its own

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
        nextPiece = new AtomicIntegerArray(size * APART);
        for (int i = 0; i < others.length; i++) {
            others[i] = new Worker(i + 1);
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
            runAlone(task);
        } finally {
            oneRun.unlock();
        }
    }

    /**
     * Cuts {@code [0, n)} into pieces of {@code grain} indices, the last one shorter. Every worker has an equal run of
     * pieces that it claims in order, so that what it reads is one stream, and helps the others when it is done. A worker
     * that fails claims no more; the others finish the range.
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
            this.rangeTask = task;
            this.rangeEnd = n;
            this.grain = grain;
            int pieces = (int) (((long) n + grain - 1) / grain);
            for (int worker = 0; worker <= others.length; worker++) {
                nextPiece.set(worker * APART, firstPiece(worker, pieces));
            }
            runAlone(claimRanges);
        } finally {
            rangeTask = NO_RANGE;
            oneRun.unlock();
        }
    }

    /**
     * Adds something that workers do while they wait for a task: called again and again, by several at once, as long as
     * it says that there was something to do; the next task waits for a call to end, so each must be short (a few
     * microseconds). The caller of {@link #run} takes no part.
     *
     * @param work must throw nothing
     */
    public void addIdleWork(BooleanSupplier work) {
        oneRun.lock();
        try {
            BooleanSupplier[] more = Arrays.copyOf(idleWork, idleWork.length + 1);
            more[idleWork.length] = work;
            idleWork = more;
        } finally {
            oneRun.unlock();
        }
    }

    /** Takes idle work away again; when this returns, no worker is at it. */
    public void removeIdleWork(BooleanSupplier work) {
        refuseNested();
        oneRun.lock();
        try {
            idleWork = Arrays.stream(idleWork).filter(each -> each != work).toArray(BooleanSupplier[]::new);
            if (!closed) {
                runAlone(NOTHING);
            }
        } finally {
            oneRun.unlock();
        }
    }

    /** Says that there is idle work: wakes one of the workers that sleep, if none is awake. */
    public void wakeOneForIdleWork() {
        for (Worker worker : others) {
            if (!worker.parked) {
                return;
            }
        }
        if (others.length > 0) {
            others[0].wanted = true;
            LockSupport.unpark(others[0]);
        }
    }

    private boolean idleWork() {
        boolean any = false;
        for (BooleanSupplier work : idleWork) {
            any |= work.getAsBoolean();
        }
        return any;
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
            wake(NOTHING);
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

    private void runAlone(Task task) {
        if (others.length == 0) {
            task.run(0, 1);
            return;
        }
        wake(task);
        try {
            task.run(0, size());
        } catch (Throwable e) {
            fail(e);
        }
        awaitOthers();
        this.task = NOTHING;
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            rethrow(thrown);
        }
    }

    private void wake(Task task) {
        this.task = task;
        caller = Thread.currentThread();
        callerParked = false;
        pending.set(others.length);
        epoch++;
        for (Worker worker : others) {
            if (worker.parked) {
                LockSupport.unpark(worker);
            }
        }
    }

    private void awaitOthers() {
        long deadline = System.nanoTime() + SPIN_NANOS;
        for (int spins = 1; pending.get() != 0; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS_PER_LOOK_AT_CLOCK == 0 && System.nanoTime() - deadline > 0) {
                break;
            }
        }
        if (pending.get() == 0) {
            return;
        }
        boolean interrupted = false;
        callerParked = true;
        while (pending.get() != 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        callerParked = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void claimRanges(int worker, int workers) {
        int step = grain;
        int end = rangeEnd;
        RangeTask range = rangeTask;
        int pieces = (int) (((long) end + step - 1) / step);
        for (int i = 0; i < workers; i++) {
            int owner = worker + i < workers ? worker + i : worker + i - workers;
            int last = firstPiece(owner + 1, pieces);
            for (int piece = nextPiece.getAndIncrement(owner * APART); piece < last; piece = nextPiece
                    .getAndIncrement(owner * APART)) {
                int from = piece * step;
                range.run(worker, from, end - from < step ? end : from + step);
            }
        }
    }

    private int firstPiece(int worker, int pieces) {
        return (int) ((long) pieces * worker / size());
    }

    private synchronized void fail(Throwable e) {
        Throwable first = failure;
        if (first == null) {
            failure = e;
        } else if (first != e) {
            first.addSuppressed(e);
        }
    }

    private static void rethrow(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private final class Worker extends Thread {

        private final int index;
        private volatile boolean parked;
        private volatile boolean wanted; // for idle work

        Worker(int index) {
            super("kvasir-worker-" + index);
            this.index = index;
            setDaemon(true);
        }

        Workers team() {
            return Workers.this;
        }

        @Override
        public void run() {
            int seen = 0;
            while (true) {
                awaitAfter(seen);
                seen++;
                if (closed) {
                    return;
                }
                try {
                    task.run(index, size());
                } catch (Throwable e) {
                    fail(e);
                }
                // Read before the count falls: afterwards the fields belong to the next run.
                Thread waiting = caller;
                if (pending.decrementAndGet() == 0 && callerParked) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        private void awaitAfter(int seen) {
            while (epoch == seen) {
                spinAfter(seen);
                if (epoch == seen) {
                    parkAfter(seen);
                }
            }
        }

        private void spinAfter(int seen) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            for (int spins = 1; epoch == seen; spins++) {
                if (idleWork()) {
                    deadline = System.nanoTime() + SPIN_NANOS;
                    continue;
                }
                Thread.onSpinWait();
                if (spins % SPINS_PER_LOOK_AT_CLOCK == 0 && System.nanoTime() - deadline > 0) {
                    return;
                }
            }
        }

        private void parkAfter(int seen) {
            parked = true;
            // Looked at again after parked is set: a thread that has idle work later sees it set and wakes this worker.
            while (epoch == seen && !wanted && !idleWork()) {
                LockSupport.park(Workers.this);
                // An interrupt has no meaning here and would turn parking into spinning.
                Thread.interrupted();
            }
            parked = false;
            wanted = false;
        }
    }
}
