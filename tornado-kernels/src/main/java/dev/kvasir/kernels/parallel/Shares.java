package dev.kvasir.kernels.parallel;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The pieces of one job, dealt to the workers as equal runs of neighbours. Every worker takes from its own run in order
 * and then from those of the others. Whoever took a piece may rely on what was written before the pieces were dealt.
 */
final class Shares {
    private static final int APART = 16; // longs: each run on a cache line of its own, with none beside it
    private static final int HOLDS = 1; // beside the run, whose line its worker has when it takes a piece
    private static final int NEXT = 32; // bits below the next piece: those of the end of the run
    private static final long END = (1L << NEXT) - 1;

    private final int workers;
    private final AtomicLongArray runs;

    Shares(int workers) {
        this.workers = workers;
        runs = new AtomicLongArray(workers * APART);
    }

    /** Deals the pieces 0 to {@code pieces - 1}. All pieces dealt before must have been taken. */
    void deal(int pieces) {
        long from = 0;
        for (int worker = 0; worker < workers; worker++) {
            long to = (long) pieces * (worker + 1) / workers;
            runs.setRelease(worker * APART, from << NEXT | to);
            from = to;
        }
    }

    /**
     * The next piece of a worker's run; -1 if none is left. Safe at any time: a taker that comes late, when other pieces
     * have been dealt, gets one of those.
     */
    int take(int owner) {
        int at = owner * APART;
        long run = runs.get(at);
        if (run >>> NEXT >= (run & END)) {
            return -1;
        }
        run = runs.getAndAdd(at, 1L << NEXT);
        long next = run >>> NEXT;
        return next < (run & END) ? (int) next : -1;
    }

    /** Says whether a worker holds pieces that it took and has not finished. */
    void setHolding(int worker, boolean holding) {
        runs.setRelease(worker * APART + HOLDS, holding ? 1 : 0);
    }

    boolean isHolding(int worker) {
        return runs.get(worker * APART + HOLDS) != 0;
    }
}
