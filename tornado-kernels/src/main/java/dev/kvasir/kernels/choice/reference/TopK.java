package dev.kvasir.kernels.choice.reference;

import dev.kvasir.kernels.choice.FloatOrder;
import java.util.Arrays;

/** The {@code k} largest numbers of a range; of equals the lower index wins, and a NaN is below every number. */
public final class TopK {
    private TopK() {}

    /**
     * Selects among {@code values[from..to)}.
     *
     * @param winners receives the indices, ascending
     * @return how many: the smaller of {@code k} and {@code to - from}
     */
    public static int select(float[] values, int from, int to, int k, int[] winners) {
        var byRank = new long[to - from];
        for (int i = from; i < to; i++) {
            // Ascending order of these is descending value, then ascending index.
            byRank[i - from] = (long) ~FloatOrder.key(values[i]) << 32 | i;
        }
        Arrays.sort(byRank);
        int count = Math.max(0, Math.min(k, to - from));
        for (int i = 0; i < count; i++) {
            winners[i] = (int) byRank[i];
        }
        Arrays.sort(winners, 0, count);
        return count;
    }
}
