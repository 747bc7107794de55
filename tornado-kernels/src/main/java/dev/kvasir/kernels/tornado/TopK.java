package dev.kvasir.kernels.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Top-k, step 3 of 3: a radix select finds the {@code k}-th largest in eight passes, whatever {@code k} is.
 *
 * <p>One work-group a table. Floats order as integers do once the negative ones are turned round; each pass finds the
 * next four bits of the {@code k}-th largest in this order, by counting how many of the values that share the bits found
 * so far have each of the 16 possible next ones. Each work-item counts in a column of its own in local memory (there are
 * no atomic additions there), in a bank of its own.
 *
 * <p>Kernels may not look at the bits of a float, but they may make a float from bits. So a value's four bits are found
 * by comparing it with the least float of each of the 16 digits, a search of four comparisons.
 *
 * <p>In the end each work-item takes a run of neighbours, counts its winners, and a running sum over the work-items says
 * where to write them: ascending, and of values equal to the {@code k}-th only the first. Nine passes over the values in
 * all, against {@code k} of {@link TopK1ArgMax}, and 147,456 steps for 16,384 pages against the 268 million of
 * {@link TopK2Rank}. Values are finite; local memory: {@code 17 * THREADS + 16} numbers.
 */
public final class TopK {
    private static final int THREADS = 256;
    private static final int DIGITS = 16;
    private static final int SIGN = 0x80000000;
    private static final int MAGNITUDE = 0x7fffffff;
    /** The key of the largest finite float: those above are no numbers. */
    private static final int LARGEST = 0x7f7fffff;

    private TopK() {}

    /** The launch for so many tables: a work-group each. */
    public static WorkerGrid grid(int tables) {
        var grid = new WorkerGrid1D(tables * THREADS);
        grid.setLocalWork(THREADS, 1, 1);
        return grid;
    }

    /**
     * Selects the {@code k} largest values of a range of each table; of equals the lower index wins.
     *
     * @param values {@code [tables][stride]}, finite
     * @param range {@code [tables]{from, to, k}}: selects among {@code from .. to - 1}
     * @param winners receives {@code [tables][maxWinners]} indices, ascending; only as many as are counted
     * @param counts receives {@code [tables]}, the smallest of {@code k}, {@code to - from} and {@code maxWinners}
     * @param stride values from one table to the next
     * @param maxWinners room for the winners of a table
     */
    public static void select(KernelContext context, FloatArray values, IntArray range, IntArray winners,
            IntArray counts, int stride, int maxWinners) {
        int thread = context.localIdx;
        int table = context.groupIdx;
        int[] histogram = context.allocateIntLocalArray(DIGITS * THREADS); // [DIGITS][THREADS]
        int[] totals = context.allocateIntLocalArray(THREADS);
        float[] least = context.allocateFloatLocalArray(DIGITS); // least value of each digit
        int from = range.get(3 * table);
        int to = range.get(3 * table + 1);
        int count = count(from, to, range.get(3 * table + 2), maxWinners);
        if (thread == 0) {
            counts.set(table, count);
        }
        if (count == 0) {
            return;
        }
        int start = table * stride;
        int threshold = SIGN; // the least key with the digits found so far
        int end = MAGNITUDE; // and the greatest
        int left = count; // winners to find among the keys between
        for (int shift = 28; shift >= 0; shift -= 4) {
            if (thread < DIGITS) {
                least[thread] = valueOf(threshold + (thread << shift));
            }
            for (int digit = 0; digit < DIGITS; digit++) {
                histogram[digit * THREADS + thread] = 0;
            }
            float low = valueOf(threshold);
            float high = valueOf(end + 1); // excluded: the two zeros are equal, and belong to the upper digit
            boolean unlimited = end >= LARGEST;
            context.localBarrier();
            for (int i = from + thread; i < to; i += THREADS) {
                float value = values.get(start + i);
                if (value >= low && (unlimited || value < high)) {
                    int digit = value >= least[8] ? 8 : 0;
                    digit = value >= least[digit + 4] ? digit + 4 : digit;
                    digit = value >= least[digit + 2] ? digit + 2 : digit;
                    digit = value >= least[digit + 1] ? digit + 1 : digit;
                    histogram[digit * THREADS + thread] += 1;
                }
            }
            context.localBarrier();
            int part = 0; // 16 work-items add up each digit, 16 columns each
            for (int i = 0; i < THREADS / DIGITS; i++) {
                part += histogram[thread / DIGITS * THREADS + i * DIGITS + thread % DIGITS];
            }
            totals[thread] = part;
            context.localBarrier();
            int digit = DIGITS;
            int inDigit = 0;
            int above = -1;
            while (above < 0 && digit > 0) {
                digit--;
                inDigit = 0;
                for (int i = 0; i < DIGITS; i++) {
                    inDigit += totals[digit * DIGITS + i];
                }
                if (inDigit >= left) {
                    above = digit;
                } else {
                    left -= inDigit;
                }
            }
            threshold = threshold + (digit << shift);
            end = threshold + ((1 << shift) - 1);
            context.localBarrier();
        }
        float kth = valueOf(threshold);

        int run = (to - from + THREADS - 1) / THREADS;
        int first = from + thread * run;
        int last = Math.min(first + run, to);
        int greater = 0;
        int equal = 0;
        for (int i = first; i < last; i++) {
            float value = values.get(start + i);
            greater += value > kth ? 1 : 0;
            equal += value == kth ? 1 : 0;
        }
        histogram[thread] = greater;
        totals[thread] = equal;
        context.localBarrier();
        int greaterBefore = 0;
        int equalBefore = 0;
        for (int i = 0; i < thread; i++) {
            greaterBefore += histogram[i];
            equalBefore += totals[i];
        }
        for (int i = first; i < last; i++) {
            float value = values.get(start + i);
            if (value > kth || (value == kth && equalBefore < left)) {
                winners.set(table * maxWinners + greaterBefore + Math.min(equalBefore, left), i);
            }
            greaterBefore += value > kth ? 1 : 0;
            equalBefore += value == kth ? 1 : 0;
        }
    }

    /** How many there are to select. */
    static int count(int from, int to, int k, int maxWinners) {
        return Math.max(0, Math.min(Math.min(k, maxWinners), to - from));
    }

    /** The float whose key orders as it does; keys of no number give the largest number of their sign. */
    private static float valueOf(int key) {
        int finite = Math.max(Math.min(key, LARGEST), -LARGEST - 1);
        return Float.intBitsToFloat(finite >= 0 ? finite : finite ^ MAGNITUDE);
    }
}
