package dev.kvasir.kvcache.policy;

/** A hash of 64 bits, for random numbers that are a function of where they fall. */
public final class Mix {
    private Mix() {}

    /** Spreads every bit over all others: the step of {@link java.util.SplittableRandom}. */
    public static long of(long bits) {
        long z = bits + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
