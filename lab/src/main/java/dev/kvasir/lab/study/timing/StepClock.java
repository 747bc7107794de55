package dev.kvasir.lab.study.timing;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Splits the time of decode steps into {@link StepPart}s. A timed device adds the time of each of its calls, and the
 * rest of a step is {@link StepPart#OTHERS}, so the parts always add up to the whole step. A call costs two readings of
 * the clock, about 50 ns, while the calls themselves take microseconds.
 */
public final class StepClock {
    private final LongSupplier nanoTime;
    private final long[] parts = new long[StepPart.values().length]; // nanoseconds of the step under way
    private long start;

    /** Reads {@link System#nanoTime}. */
    public StepClock() {
        this(System::nanoTime);
    }

    /** Reads the given clock. */
    StepClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A step begins. */
    public void beginStep() {
        Arrays.fill(parts, 0);
        start = nanoTime.getAsLong();
    }

    /** The current time, as a start for {@link #add}. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** Adds the time since {@code since} to a part. */
    void add(StepPart part, long since) {
        parts[part.ordinal()] += nanoTime.getAsLong() - since;
    }

    /**
     * The step ends.
     *
     * @return nanoseconds of each part, by {@link StepPart#ordinal}; they add up to the whole step
     */
    public long[] endStep() {
        long rest = nanoTime.getAsLong() - start;
        for (var part : StepPart.values()) {
            rest -= part == StepPart.OTHERS ? 0 : parts[part.ordinal()];
        }
        long[] split = parts.clone();
        split[StepPart.OTHERS.ordinal()] = rest;
        return split;
    }
}
