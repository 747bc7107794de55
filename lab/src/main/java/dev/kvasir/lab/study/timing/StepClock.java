package dev.kvasir.lab.study.timing;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Splits the time of decode steps into their {@link StepPart}s: whoever watches a device tells what each call took, and
 * what no call took is {@link StepPart#OTHERS}, so that the parts of a step always add up to it. Costs two looks at the
 * clock a call, some 50 ns of calls that take microseconds.
 */
public final class StepClock {
    private final LongSupplier nanoTime;
    private final long[] parts = new long[StepPart.values().length]; // nanoseconds of the step under way
    private long start;

    /** Reads {@link System#nanoTime}. */
    public StepClock() {
        this(System::nanoTime);
    }

    /** Reads a clock of the caller's. */
    StepClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A step begins. */
    public void beginStep() {
        Arrays.fill(parts, 0);
        start = nanoTime.getAsLong();
    }

    /** The time now, to hand to {@link #add}. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** A part has taken the time since {@code since}. */
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
