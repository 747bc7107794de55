package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * Merges the partial results of each query head in their order: {@code out = sum_p exp(max_p - M) acc_p / sum_p exp(max_p -
 * M) sum_p}, with {@code M} the largest maximum. Not thread-safe.
 */
public final class Merge {
    private static final int LANES = FLOATS.length();
    private static final int SERIAL = 1 << 15; // numbers one thread merges sooner than two would begin

    private final Workers workers;
    private final int headDim;
    private final Workers.RangeTask mergeHeads = this::mergeHeads;

    // The call under way.
    private float[][] records = {};
    private int[] parts = {};
    private int groupHeads;
    private float[] out = {};
    private int outOffset;

    /** Merges records of heads of {@code headDim} elements with this team. */
    public Merge(int headDim, Workers workers) {
        this.headDim = headDim;
        this.workers = workers;
    }

    /**
     * Merges the parts of every query head. A head without parts gives zeros.
     *
     * @param records for each selection group {@code [parts][query heads of the group]} of {@link PartialResult}
     * @param parts of each selection group
     * @param out receives {@code [queryHeads][headDim]} from {@code outOffset}
     */
    public void merge(float[][] records, int[] parts, int queryHeads, float[] out, int outOffset) {
        this.records = records;
        this.parts = parts;
        this.groupHeads = queryHeads / records.length;
        this.out = out;
        this.outOffset = outOffset;
        int most = 0;
        for (int each : parts) {
            most = Math.max(most, each);
        }
        if ((long) queryHeads * most * headDim < SERIAL) {
            mergeHeads(0, 0, queryHeads);
        } else {
            workers.forEachRange(queryHeads, 2, mergeHeads);
        }
    }

    private void mergeHeads(int worker, int from, int to) {
        int size = PartialResult.size(headDim);
        for (int head = from; head < to; head++) {
            int group = head / groupHeads;
            merge(records[group], head % groupHeads * size, parts[group], groupHeads * size, headDim, out,
                    outOffset + head * headDim);
        }
    }

    private static void merge(float[] records, int offset, int parts, int partStride, int headDim, float[] out,
            int outOffset) {
        float max = Float.NEGATIVE_INFINITY;
        for (int part = 0; part < parts; part++) {
            max = Math.max(max, records[offset + part * partStride + headDim]);
        }
        Arrays.fill(out, outOffset, outOffset + headDim, 0f);
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            int from = offset + part * partStride;
            float weight = (float) Math.exp(records[from + headDim] - max);
            sum += (double) weight * records[from + headDim + 1];
            addScaled(weight, records, from, out, outOffset, headDim);
        }
        if (parts > 0) {
            scale((float) (1 / sum), out, outOffset, headDim);
        }
    }

    private static void addScaled(float weight, float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i)
                    .fma(FloatVector.broadcast(FLOATS, weight),
                            FloatVector.fromArray(FLOATS, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = Math.fma(x[xAt + i], weight, y[yAt + i]);
        }
    }

    /** {@code y *= factor}. */
    static void scale(float factor, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yAt + i).mul(factor).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] *= factor;
        }
    }
}
