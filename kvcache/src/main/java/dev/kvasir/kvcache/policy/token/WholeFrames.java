package dev.kvasir.kvcache.policy.token;

import java.util.Arrays;

/**
 * Rounds a division of tokens to whole frames, so that it takes no more frames than equal budgets: each part is rounded
 * down, and the frames that are left go to the largest remainders, of equals to the first.
 */
final class WholeFrames {
    private static final double NOISE = 1e-9; // of sums of fractions

    private WholeFrames() {}

    /**
     * @param parts tokens of each part
     * @param least the fewest tokens of a part; the largest parts give what is missing
     * @param pageSize tokens of a frame
     * @return tokens of each part, multiples of {@code pageSize}
     * @throws IllegalArgumentException if the parts together do not hold the least of each
     */
    static int[] of(double[] parts, int least, int pageSize) {
        int leastFrames = Math.ceilDiv(least, pageSize);
        int left = (int) (Arrays.stream(parts).sum() / pageSize + NOISE);
        if (left < (long) leastFrames * parts.length) {
            throw new IllegalArgumentException(
                    "a budget of %d tokens on average cannot be divided: each part needs %d frames of %d tokens, raise CacheOptions.budget to %d"
                            .formatted((int) (Arrays.stream(parts).sum() / parts.length), leastFrames, pageSize,
                                    leastFrames * pageSize));
        }
        int[] frames = new int[parts.length];
        double[] remainders = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            frames[i] = (int) (parts[i] / pageSize + NOISE);
            remainders[i] = parts[i] / pageSize - frames[i];
            left -= frames[i];
        }
        for (; left > 0; left--) {
            int next = largest(remainders);
            frames[next]++;
            remainders[next] = -1;
        }
        for (int i = 0; i < frames.length; i++) {
            while (frames[i] < leastFrames) {
                frames[last(frames)]--;
                frames[i]++;
            }
        }
        return Arrays.stream(frames).map(count -> count * pageSize).toArray();
    }

    private static int largest(double[] remainders) {
        int largest = 0;
        for (int i = 1; i < remainders.length; i++) {
            largest = remainders[i] > remainders[largest] + NOISE ? i : largest;
        }
        return largest;
    }

    /** The last of those with most frames. */
    private static int last(int[] frames) {
        int last = 0;
        for (int i = 1; i < frames.length; i++) {
            last = frames[i] >= frames[last] ? i : last;
        }
        return last;
    }
}
