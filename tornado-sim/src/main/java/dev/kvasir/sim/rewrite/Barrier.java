package dev.kvasir.sim.rewrite;

/**
 * Markers between the two rewritings of a kernel. The first rewriting replaces barriers by these calls. The second
 * replaces the calls by code that leaves the kernel and continues it later. A kernel without barriers is not rewritten
 * a second time and keeps the call of {@link #entry}.
 */
public final class Barrier {

    private Barrier() {}

    /** Marks the place after the loading of arguments, where a work-item continues. */
    public static void entry() {}

    /** Marks a barrier. */
    public static void here() {}
}
