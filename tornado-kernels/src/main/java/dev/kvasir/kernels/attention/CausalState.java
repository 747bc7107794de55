package dev.kvasir.kernels.attention;

import java.util.Arrays;

/**
 * What causal attention of a run of queries has summed so far, if the tokens come part by part: the record of
 * {@link PartialResult} of each query and query head. The room grows when more is asked for than ever before.
 */
public final class CausalState {
    private float[] acc = {}; // [queries][queryHeads][stride]
    private float[] max = {}; // [queries][queryHeads]
    private float[] sum = {};

    /**
     * Makes room for {@code rows} records, and empties them.
     *
     * @param rows queries times query heads
     * @param stride numbers of a row of {@link #acc}
     */
    public void begin(int rows, int stride) {
        if (acc.length < rows * stride) {
            acc = new float[Math.multiplyExact(rows, stride)];
        }
        if (max.length < rows) {
            max = new float[rows];
            sum = new float[rows];
        }
        Arrays.fill(acc, 0, rows * stride, 0f);
        Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, rows, 0f);
    }

    /** {@code [queries][queryHeads][stride]}: sums of weighted values. */
    public float[] acc() {
        return acc;
    }

    /** {@code [queries][queryHeads]}: the largest score. */
    public float[] max() {
        return max;
    }

    /** {@code [queries][queryHeads]}: sums of weights relative to the largest score. */
    public float[] sum() {
        return sum;
    }
}
