package dev.kvasir.runner.bench;

import dev.kvasir.kvcache.plan.CacheStats;
import java.util.List;

/**
 * The copies of a timed round.
 *
 * @param hiddenNanos copy time during which no thread waited
 * @param exposedNanos time during which a thread waited for a copy or helped with it
 * @param recalled pages copied to the device, early or late
 * @param prefetched pages requested early
 * @param unused pages requested early that were not selected
 */
public record BenchCopies(long hiddenNanos, long exposedNanos, long recalled, long prefetched, long unused) {

    /** No copies. */
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
