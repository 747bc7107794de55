package dev.kvasir.kernels.parallel;

/** Which workers of a team rest. Only the caller of a job uses it. */
final class Rests {
    private final Worker[] workers;
    private final boolean[] late;
    private int resting;

    Rests(Worker[] workers) {
        this.workers = workers;
        late = new boolean[workers.length];
    }

    /** Keeps in mind for which workers the caller waits in vain: those that hold pieces. */
    void markLate(Shares shares) {
        for (int i = 0; i < late.length; i++) {
            late[i] = shares.isHolding(i + 1);
        }
    }

    /** Lets the workers rest that were marked. */
    void beginLate(long now, long waited) {
        for (int i = 0; i < late.length; i++) {
            if (late[i]) {
                begin(workers[i], now, waited);
            }
        }
    }

    void begin(Worker worker, long now, long waited) {
        if (!worker.isResting()) {
            worker.beginRest(now, waited);
            resting++;
        }
    }

    boolean isEmpty() {
        return resting == 0;
    }

    /** Calls back those whose time is over. */
    void end(long now) {
        if (resting == 0) {
            return;
        }
        for (Worker worker : workers) {
            if (worker.isResting() && worker.isRestOver(now)) {
                worker.endRest();
                resting--;
                worker.wake();
            }
        }
    }

    /** Calls all back. */
    void endAll() {
        for (Worker worker : workers) {
            worker.endRest();
        }
        resting = 0;
    }
}
