package dev.kvasir.kernels.attention;

/**
 * The record {@code {acc [headDim], max, sum}} that attention of one query head to some tokens leaves:
 * {@code max = max_t s_t}, {@code sum = sum_t exp(s_t - max)} and {@code acc = sum_t exp(s_t - max) v_t}. Records of
 * disjoint tokens merge into that of their union.
 */
public final class PartialResult {
    private PartialResult() {}

    /** Numbers of a record. */
    public static int size(int headDim) {
        return headDim + 2;
    }

    /**
     * {@code log sum_t exp(s_t)} of one query head from the records of disjoint tokens.
     *
     * @param parts at least 1, {@code partStride} numbers apart from {@code offset}
     */
    public static float logSum(float[] records, int offset, int parts, int partStride, int headDim) {
        float max = Float.NEGATIVE_INFINITY;
        for (int p = 0; p < parts; p++) {
            max = Math.max(max, records[offset + p * partStride + headDim]);
        }
        double sum = 0;
        for (int p = 0; p < parts; p++) {
            int stats = offset + p * partStride + headDim;
            sum += Math.exp(records[stats] - max) * records[stats + 1];
        }
        return (float) (max + Math.log(sum));
    }
}
