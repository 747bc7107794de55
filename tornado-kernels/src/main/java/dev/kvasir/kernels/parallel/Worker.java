package dev.kvasir.kernels.parallel;

import java.util.concurrent.locks.LockSupport;

/** One thread of a team. It waits for jobs: first it spins, with idle work if there is any, then it parks. */
final class Worker extends Thread {
    // Long enough to bridge the serial parts between two jobs of a decode step, short enough to leave an idle machine
    // idle.
    static final long SPIN_NANOS = 100_000;
    static final int SPINS_PER_LOOK_AT_CLOCK = 64;

    private final Workers team;
    private final int index;
    private volatile boolean due; // to run the task
    private volatile boolean parked; // and not yet woken
    private volatile boolean wanted; // for idle work
    private volatile boolean resting;

    // Of this thread.
    private int seen; // jobs
    private boolean took; // pieces of the last job
    private long called; // about when

    // Of the caller.
    private final Rest rest = new Rest();

    Worker(Workers team, int index) {
        super("kvasir-worker-" + index);
        this.team = team;
        this.index = index;
        setDaemon(true);
    }

    Workers team() {
        return team;
    }

    boolean isParked() {
        return parked;
    }

    boolean isResting() {
        return resting;
    }

    void setDue() {
        due = true;
    }

    /** Wakes the worker for a job, if it sleeps and does not rest. */
    void wake() {
        if (parked && !resting) {
            parked = false;
            LockSupport.unpark(this);
        }
    }

    void wakeForIdleWork() {
        wanted = true;
        LockSupport.unpark(this);
    }

    void beginRest(long now, long waited) {
        rest.begin(now, waited);
        resting = true;
    }

    boolean isRestOver(long now) {
        return rest.isOver(now);
    }

    void endRest() {
        resting = false;
    }

    @Override
    public void run() {
        while (true) {
            awaitJob();
            seen = team.epoch();
            if (team.isClosed()) {
                return;
            }
            took = false;
            if (due) {
                due = false;
                team.runTask(index);
            } else {
                took = team.takePiecesOf(index);
            }
        }
    }

    private boolean isCalled() {
        return team.epoch() != seen && !resting;
    }

    private void awaitJob() {
        while (!isCalled()) {
            if (!resting) {
                spin();
            }
            if (!isCalled()) {
                park();
            }
        }
    }

    private void spin() {
        long start = System.nanoTime();
        long deadline = start + SPIN_NANOS;
        boolean wasShort = start - called < SPIN_NANOS;
        called = start;
        for (int spins = 1; team.epoch() == seen && !resting; spins++) {
            if (team.advanceIdleWork()) {
                deadline = System.nanoTime() + SPIN_NANOS;
                continue;
            }
            Thread.onSpinWait();
            if (spins % SPINS_PER_LOOK_AT_CLOCK == 0) {
                called = System.nanoTime();
                if (called - deadline > 0) {
                    if (took && wasShort) {
                        team.noteKeptWaiting(seen, index);
                    }
                    return;
                }
            }
        }
    }

    private void park() {
        parked = true;
        // Looked at again after parked is set: a thread that has idle work later sees it set and wakes this worker.
        while (!isCalled() && !wanted && !team.advanceIdleWork()) {
            LockSupport.park(team);
            // An interrupt has no meaning here and would turn parking into spinning.
            Thread.interrupted();
            parked = true; // again: whoever woke this worker cleared it
        }
        parked = false;
        wanted = false;
        called = System.nanoTime();
    }
}
