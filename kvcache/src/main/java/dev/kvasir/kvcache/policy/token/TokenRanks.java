package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenView;
import java.util.Arrays;

/** Tokens of a KV head by their scores, which stand in arrays by position. Of equals the older goes first. */
public final class TokenRanks {
    private TokenRanks() {}

    /**
     * The {@code k} tokens of highest score among the {@code from}-th to the one before the {@code to}-th; of equals the
     * newer stays.
     *
     * @param scores by position
     * @param positions receives them from index {@code at}, ascending
     * @return {@code at} and how many: the smaller of {@code k} and {@code to - from}
     */
    public static int top(TokenView tokens, int kvHead, float[] scores, int from, int to, int k, int[] positions,
            int at) {
        int count = Math.max(0, Math.min(k, to - from));
        long[] keys = new long[to - from];
        for (int i = from; i < to; i++) {
            int position = tokens.position(kvHead, i);
            keys[i - from] = (long) ordered(scores[position]) << 32 | position;
        }
        Arrays.sort(keys);
        for (int i = 0; i < count; i++) {
            positions[at + i] = (int) keys[keys.length - count + i];
        }
        Arrays.sort(positions, at, at + count);
        return at + count;
    }

    /**
     * The position of the token of lowest score among the {@code from}-th to the one before the {@code to}-th, of equals
     * the oldest.
     *
     * @param scores by position
     * @throws IllegalArgumentException if there is none
     */
    public static int lowest(TokenView tokens, int kvHead, float[] scores, int from, int to) {
        if (from >= to) {
            throw new IllegalArgumentException("there is no token from number %d to before %d".formatted(from, to));
        }
        int lowest = tokens.position(kvHead, from);
        for (int i = from + 1; i < to; i++) {
            int position = tokens.position(kvHead, i);
            if (Float.compare(scores[position], scores[lowest]) < 0) {
                lowest = position;
            }
        }
        return lowest;
    }

    /** Integers in the order of {@link Float#compare}. */
    static int ordered(float number) {
        int bits = Float.floatToIntBits(number);
        return bits ^ (bits >> 31) & Integer.MAX_VALUE;
    }
}
