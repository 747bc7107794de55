package dev.kvasir.runner.bench;

import dev.kvasir.kvcache.plan.CacheStats;
import java.util.List;

/**
 * What the copies of a timed round came to.
 *
 * @param hiddenNanos time spent copying while nobody waited
 * @param exposedNanos time somebody waited for a copy, or helped with it
 * @param recalled pages copied to the device, early or late
 * @param prefetched those sent for early
 * @param unused those sent for early that were not selected
 */
public record BenchCopies(long hiddenNanos, long exposedNanos, long recalled, long prefetched, long unused) {

    /** None. */
    public static final BenchCopies NONE = new BenchCopies(0, 0, 0, 0, 0);

    static BenchCopies between(CacheStats before, CacheStats after) {
        return new BenchCopies(after.copyNanosHidden() - before.copyNanosHidden(),
                after.copyNanosExposed() - before.copyNanosExposed(), after.recalled() - before.recalled(),
                after.prefetched() - before.prefetched(), after.unused() - before.unused());
    }

    static BenchCopies mean(List<BenchCopies> rounds) {
        long n = Math.max(1, rounds.size());
        var sum = rounds.stream().reduce(NONE, BenchCopies::plus);
        return new BenchCopies(sum.hiddenNanos / n, sum.exposedNanos / n, sum.recalled / n, sum.prefetched / n,
                sum.unused / n);
    }

    private BenchCopies plus(BenchCopies other) {
        return new BenchCopies(hiddenNanos + other.hiddenNanos, exposedNanos + other.exposedNanos,
                recalled + other.recalled, prefetched + other.prefetched, unused + other.unused);
    }
}
