package dev.kvasir.kernels.choice.vector;

import dev.kvasir.kernels.choice.FloatOrder;
import java.util.Arrays;

/**
 * The {@code k} largest numbers of a range, by three passes of a radix select for the {@code k}-th largest and one that
 * collects: linear in the range, and nothing is allocated. Not thread-safe.
 */
public final class TopK {
    private static final int[] SHIFTS = {21, 10, 0};
    private static final int[] BITS = {11, 11, 10};

    private final int[] histogram = new int[1 << 11];

    /**
     * Selects among {@code values[from..to)}; of equals the lower index wins, and a NaN is below every number.
     *
     * @param winners receives the indices, ascending
     * @return how many: the smaller of {@code k} and {@code to - from}
     */
    public int select(float[] values, int from, int to, int k, int[] winners) {
        int count = Math.max(0, Math.min(k, to - from));
        if (count == 0) {
            return 0;
        }
        int threshold = 0; // the leading bits of the count-th largest key, sign bit flipped
        int known = 0;
        int left = count; // winners to find among those that share these bits
        for (int pass = 0; pass < SHIFTS.length; pass++) {
            int shift = SHIFTS[pass];
            int mask = (1 << BITS[pass]) - 1;
            Arrays.fill(histogram, 0, mask + 1, 0);
            for (int i = from; i < to; i++) {
                int key = FloatOrder.key(values[i]) ^ Integer.MIN_VALUE;
                if ((key & known) == threshold) {
                    histogram[key >>> shift & mask]++;
                }
            }
            int digit = mask;
            while (histogram[digit] < left) {
                left -= histogram[digit--];
            }
            threshold |= digit << shift;
            known |= mask << shift;
        }
        int smallest = threshold ^ Integer.MIN_VALUE;
        int found = 0;
        for (int i = from; found < count; i++) {
            int key = FloatOrder.key(values[i]);
            if (key > smallest || key == smallest && left-- > 0) {
                winners[found++] = i;
            }
        }
        return count;
    }
}
