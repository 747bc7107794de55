package dev.kvasir.kvcache.plan;

import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Seeded N(0, 1) numbers by the million: each row is a run of a fixed table of normal numbers from a random place, which
 * costs a copy in place of a logarithm a number.
 */
public final class RandomTokens {
    private static final int TABLE = 1 << 18;

    private final SplittableRandom random;
    private final float[] table;

    public RandomTokens(long seed, int rowLength) {
        random = new SplittableRandom(seed);
        table = new float[TABLE + rowLength];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) random.nextGaussian();
        }
    }

    /** Takes a chunk of the tokens of a layer: queries, keys and values, one row a token. */
    @FunctionalInterface
    public interface Chunk {
        void append(int layer, float[] q, float[] k, float[] v, int count);
    }

    /** Hands out {@code tokens} tokens, layer by layer, in chunks of a page, and ends each layer. */
    public static void fill(CacheShape shape, int pageSize, int tokens, long seed, Chunk chunk,
            IntConsumer endOfLayer) {
        int tokenStride = shape.kvWidth();
        int queryStride = shape.queryWidth();
        var random = new RandomTokens(seed, queryStride);
        float[] k = new float[pageSize * tokenStride];
        float[] v = new float[k.length];
        float[] q = new float[pageSize * queryStride];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int first = 0; first < tokens; first += pageSize) {
                int count = Math.min(pageSize, tokens - first);
                random.fill(k, count, tokenStride);
                random.fill(v, count, tokenStride);
                random.fill(q, count, queryStride);
                chunk.append(layer, q, k, v, count);
            }
            endOfLayer.accept(layer);
        }
    }

    /** Fills {@code rows} rows of {@code rowLength}. */
    public void fill(float[] target, int rows, int rowLength) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(table, random.nextInt(TABLE), target, row * rowLength, rowLength);
        }
    }
}
