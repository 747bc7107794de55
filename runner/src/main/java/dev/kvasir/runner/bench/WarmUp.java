package dev.kvasir.runner.bench;

import java.util.List;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * When the rounds before the timed ones end. C2 compiles for the first seconds, and a speed measured meanwhile is not the
 * speed of the program.
 *
 * @param nanos the most that they take for each test and cache; the round in which it runs out is finished
 */
public record WarmUp(long nanos) {
    /** No warm-up. */
    public static final WarmUp NONE = new WarmUp(-1);

    private static final int GROUP = 5;
    private static final double MOVE = 0.03;

    /**
     * Up to this number of seconds for each test and cache, and at least one round.
     *
     * @throws IllegalArgumentException if the number is negative or no number
     */
    public static WarmUp upTo(double seconds) {
        if (!(seconds >= 0 && seconds <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "--warmup takes a number of seconds from 0, and not %s: give 0 for one round, or --no-warmup"
                            .formatted(seconds));
        }
        return new WarmUp(Math.round(seconds * 1e9));
    }

    /**
     * Whether the speed is stable, or the time is over.
     *
     * @param rounds time of each round so far
     * @param passed time since the warm-up began
     */
    boolean isOver(List<Long> rounds, long passed) {
        return nanos < 0 || !rounds.isEmpty() && (passed >= nanos || isStable(rounds));
    }

    /** Whether the medians of the last five rounds and of the five before differ by less than 3 %. */
    private static boolean isStable(List<Long> rounds) {
        int n = rounds.size();
        if (n < 2 * GROUP) {
            return false;
        }
        double before = median(rounds.subList(n - 2 * GROUP, n - GROUP));
        double last = median(rounds.subList(n - GROUP, n));
        return Math.abs(last - before) < MOVE * before;
    }

    private static double median(List<Long> values) {
        return new DescriptiveStatistics(values.stream().mapToDouble(Long::doubleValue).toArray()).getPercentile(50);
    }
}
