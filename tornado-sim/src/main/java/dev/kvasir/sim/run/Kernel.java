package dev.kvasir.sim.run;

/** A rewritten kernel with its arguments. */
public abstract class Kernel {
    /** The result of {@link #step} when the work-item has ended. */
    public static final int END = -1;

    /** Called by the classes that are made from kernels. */
    protected Kernel() {}

    /**
     * Runs a work-item from its beginning (state 0) or after a barrier (state is the barrier's number, from 1).
     *
     * @return the number of the barrier that it has reached, or {@link #END}
     */
    protected abstract int step(WorkItem item, int state);
}
