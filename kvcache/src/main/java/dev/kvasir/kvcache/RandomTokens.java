package dev.kvasir.kvcache;

import java.util.SplittableRandom;

/**
 * Seeded N(0, 1) numbers by the million: each row is a run of a fixed table of normal numbers from a random place, which
 * costs a copy in place of a logarithm a number.
 */
final class RandomTokens {
    private static final int TABLE = 1 << 18;

    private final SplittableRandom random;
    private final float[] table;

    RandomTokens(long seed, int rowLength) {
        random = new SplittableRandom(seed);
        table = new float[TABLE + rowLength];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) random.nextGaussian();
        }
    }

    /** Fills {@code rows} rows of {@code rowLength}. */
    void fill(float[] target, int rows, int rowLength) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(table, random.nextInt(TABLE), target, row * rowLength, rowLength);
        }
    }
}
