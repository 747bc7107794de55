package dev.kvasir.kernels.parallel;

/**
 * How long one worker stays away after somebody waited for it in vain, because another process has its CPU: eight times
 * the wait, so that a ninth of the time is lost at most, and after every return that fails again twice as long as before.
 * A worker that was of use for four times its last rest begins anew. Times are those of {@link System#nanoTime}.
 */
final class Rest {
    static final long LEAST_NANOS = 2_000_000;
    static final long LONGEST_NANOS = 256_000_000;
    static final int RESTS_PER_WAIT = 8;
    static final int CALM_RESTS = 4;

    private long length;
    private long end;

    /**
     * Begins a rest.
     *
     * @param waited nanoseconds for which somebody waited
     */
    void begin(long now, long waited) {
        boolean again = length > 0 && now - end < CALM_RESTS * length;
        long least = Math.max(RESTS_PER_WAIT * waited, again ? 2 * length : LEAST_NANOS);
        length = Math.clamp(least, LEAST_NANOS, LONGEST_NANOS);
        end = now + length;
    }

    boolean isOver(long now) {
        return now - end >= 0;
    }
}
