package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Top-k, step 3 of 3: a radix select finds the {@code k}-th largest in eight passes, whatever {@code k} is.
 *
 * <p>One work-group takes one table. The key of a float is an int with the same order: its bits, inverted below the sign if
 * the float is negative. Each pass finds the next four bits of the {@code k}-th largest key: of the keys that share the
 * bits found so far, it counts how many have each of the 16 possible next bits. Local memory has no atomic additions, so
 * each work-item counts in a column of its own, in a bank of its own.
 *
 * <p>In the end each work-item takes a run of neighbours and counts its winners. A running sum over the work-items gives
 * the place to write them: ascending, and of keys equal to the {@code k}-th only the first. That is 11 passes over the values
 * against {@code k} of {@code TopK1ArgMax}, and 180,000 steps for 16,384 pages against the 268 million of
 * {@code TopK2Rank}. For 256 of 2,048 values the simulator counts 84,453, 3,392 and 8,042 sectors of global memory for
 * the three steps, and 25,996, 259,015 and 3,482 warp-wide requests to local memory (of step 2, marking alone). Local
 * memory: {@code 17 * THREADS + 32} ints.
 */
public final class TopK {
    /** Work-items of a group: as many as every GPU allows. */
    private static final int THREADS = 256;
    private static final int DIGITS = 16;
    /** Work-items that add up one digit's columns. */
    private static final int ADDERS = THREADS / DIGITS;
    private static final int SIGN = 0x80000000;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    private TopK() {}

    /**
     * Adds the task, a work-group for each table.
     *
     * @param counts {@code [tables]}: as many tables are launched
     */
    public static void addTo(TaskList tasks, String name, FloatArray values, IntArray range, IntArray keys,
            IntArray winners, IntArray counts) {
        int tables = counts.getSize();
        tasks.graph()
                .task(name, TopK::selectWinners, tasks.context(), values, range, keys, winners, counts,
                        values.getSize() / tables, winners.getSize() / tables);
        tasks.launch(name, Grids.line(tables, THREADS));
    }

    /**
     * Selects the {@code k} largest values of a range of each table; of equals the lower index wins, and a NaN is below
     * every number.
     *
     * @param values {@code [tables][stride]}
     * @param range {@code [tables]{from, to, k}}: selects among {@code from .. to - 1}
     * @param keys scratch memory, {@code [tables][stride]}
     * @param winners receives {@code [tables][maxWinners]} indices, ascending; only as many as are counted
     * @param counts receives {@code [tables]}, the smallest of {@code k}, {@code to - from} and {@code maxWinners}
     * @param stride values from one table to the next
     * @param maxWinners room for the winners of a table
     */
    public static void selectWinners(KernelContext context, FloatArray values, IntArray range, IntArray keys,
            IntArray winners, IntArray counts, int stride, int maxWinners) {
        int thread = context.localIdx;
        int table = context.groupIdx;
        int[] histogram = context.allocateIntLocalArray(DIGITS * THREADS); // [DIGITS][THREADS]
        int[] sums = context.allocateIntLocalArray(THREADS); // [DIGITS][ADDERS]
        int[] totals = context.allocateIntLocalArray(2 * DIGITS);
        int from = range.get(3 * table);
        int last = range.get(3 * table + 1);
        int count = count(from, last, range.get(3 * table + 2), maxWinners);
        if (thread == 0) {
            counts.set(table, count);
        }
        int to = count > 0 ? last : from;
        int start = table * stride;
        // TornadoVM compiles the bits of a float only where they go straight to memory.
        for (int i = from + thread; i < to; i += THREADS) {
            keys.set(start + i, Float.floatToRawIntBits(values.get(start + i)));
        }
        context.globalBarrier();
        for (int i = from + thread; i < to; i += THREADS) {
            keys.set(start + i, key(keys.get(start + i)));
        }
        int threshold = SIGN; // the least key with the digits found so far
        int known = 0; // the bits of those digits
        int left = count; // winners to find among the keys with these digits
        for (int shift = count > 0 ? 28 : -1; shift >= 0; shift -= 4) {
            for (int digit = 0; digit < DIGITS; digit++) {
                histogram[digit * THREADS + thread] = 0;
            }
            for (int i = from + thread; i < to; i += THREADS) {
                int key = keys.get(start + i);
                if (((key ^ threshold) & known) == 0) {
                    // Only what is not negative may be shifted; the sign is the first digit's upper half.
                    int digit = ((key & MAGNITUDE) >> shift) % DIGITS + (shift == 28 && key >= 0 ? DIGITS / 2 : 0);
                    histogram[digit * THREADS + thread] += 1;
                }
            }
            context.localBarrier();
            int part = 0;
            for (int i = 0; i < THREADS / ADDERS; i++) {
                part += histogram[thread / ADDERS * THREADS + i * ADDERS + thread % ADDERS];
            }
            sums[thread] = part;
            context.localBarrier();
            if (thread < DIGITS) {
                int total = 0;
                for (int i = 0; i < ADDERS; i++) {
                    total += sums[thread * ADDERS + i];
                }
                totals[thread] = total;
            }
            context.localBarrier();
            int digit = DIGITS; // all work-items find the same
            int above = 0;
            int inDigit = 0;
            while (above + inDigit < left) {
                above += inDigit;
                digit--;
                inDigit = totals[digit];
            }
            left -= above;
            threshold += digit << shift;
            known += (DIGITS - 1) << shift;
            context.localBarrier();
        }

        int run = (to - from + THREADS - 1) / THREADS;
        int first = from + thread * run;
        int end = Math.min(first + run, to);
        int greater = 0;
        int equal = 0;
        context.globalBarrier(); // the keys are another work-item's
        for (int i = first; i < end; i++) {
            int key = keys.get(start + i);
            greater += key > threshold ? 1 : 0;
            equal += key == threshold ? 1 : 0;
        }
        histogram[thread] = greater;
        sums[thread] = equal;
        context.localBarrier();
        if (thread < DIGITS) { // the sums of each 16 work-items, so that none has to add up all before it
            int greaterOfBlock = 0;
            int equalOfBlock = 0;
            for (int i = 0; i < ADDERS; i++) {
                greaterOfBlock += histogram[thread * ADDERS + i];
                equalOfBlock += sums[thread * ADDERS + i];
            }
            totals[thread] = greaterOfBlock;
            totals[DIGITS + thread] = equalOfBlock;
        }
        context.localBarrier();
        int block = thread / ADDERS;
        int greaterBefore = 0;
        int equalBefore = 0;
        for (int i = 0; i < block; i++) {
            greaterBefore += totals[i];
            equalBefore += totals[DIGITS + i];
        }
        for (int i = block * ADDERS; i < thread; i++) {
            greaterBefore += histogram[i];
            equalBefore += sums[i];
        }
        for (int i = first; i < end; i++) {
            int key = keys.get(start + i);
            if (key > threshold || (key == threshold && equalBefore < left)) {
                winners.set(table * maxWinners + greaterBefore + Math.min(equalBefore, left), i);
            }
            greaterBefore += key > threshold ? 1 : 0;
            equalBefore += key == threshold ? 1 : 0;
        }
    }

    /** How many there are to select. */
    public static int count(int from, int to, int k, int maxWinners) {
        return Math.max(0, Math.min(Math.min(k, maxWinners), to - from));
    }

    /** An int that orders as the float of these bits: both zeros are 0, every NaN is least. */
    private static int key(int bits) {
        int turned = bits >= 0 ? bits : bits ^ MAGNITUDE;
        int key = turned == -1 ? 0 : turned;
        return (bits & MAGNITUDE) > INFINITY ? SIGN : key;
    }

    /** 512 of 16,384 pages. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("TopK", a -> addTo(a.tasks(), KernelSample.TASK, a.floats(16_384), a.ints(3),
                a.ints(16_384), a.ints(512), a.ints(1))));
    }
}
