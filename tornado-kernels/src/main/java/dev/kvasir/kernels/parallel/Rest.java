package dev.kvasir.kernels.parallel;

/**
 * How long one worker stays away after somebody waited for it in vain, because another process has its CPU. First a
 * short time, then after every return that fails again twice as long. A worker that was of use for a while begins anew.
 * Times are those of {@link System#nanoTime}.
 */
final class Rest {
    static final long FIRST_NANOS = 2_000_000;
    static final long LONGEST_NANOS = 64_000_000;

    /** A wait lasts about as long as a slice of the scheduler, 3 to 4 ms: after this time of work it is a small part. */
    static final long CALM_NANOS = 32_000_000;

    private long length;
    private long end;

    /** Begins a rest. */
    void begin(long now) {
        boolean again = length > 0 && now - end < CALM_NANOS;
        length = again ? Math.min(2 * length, LONGEST_NANOS) : FIRST_NANOS;
        end = now + length;
    }

    boolean isOver(long now) {
        return now - end >= 0;
    }
}
