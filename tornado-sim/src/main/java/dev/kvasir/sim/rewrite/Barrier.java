package dev.kvasir.sim.rewrite;

/**
 * What stands in a kernel between the two rewritings: the first puts these calls where barriers were, the second replaces
 * them by code that leaves the kernel and comes back. In a kernel without barriers there is no second, and {@link #entry} stays.
 */
public final class Barrier {

    private Barrier() {}

    /** Marks the place behind the loading of arguments, where a work-item comes back. */
    public static void entry() {}

    /** Marks a barrier. */
    public static void here() {}
}
