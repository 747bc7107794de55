package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.Mix;
import java.util.SplittableRandom;

/** Gumbel(0, 1) noise that is a function of its place, so that it does not depend on the order of calls. */
final class GumbelNoise {
    private static final int SIZE = 1 << 16;
    private static final float[] TABLE = table();

    private final long seed;

    GumbelNoise(long seed, int sequence, int layer) {
        this(Mix.of(Mix.of(seed) + ((long) sequence << 32 | layer)));
    }

    /** The noise of another one, by its {@link #seed}. */
    GumbelNoise(long seed) {
        this.seed = seed;
    }

    /** What the noise depends on besides the place. */
    long seed() {
        return seed;
    }

    private static float[] table() {
        var random = new SplittableRandom(0x6B657966);
        float[] table = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            table[i] = (float) -Math.log(-Math.log(random.nextDouble(1e-12, 1)));
        }
        return table;
    }

    /** The noise of one token for one query of one head. */
    float at(int head, int query, int token) {
        long place = Mix.of(seed + head) + ((long) query << 32 | token);
        return TABLE[(int) (Mix.of(place) >>> 48)];
    }
}
