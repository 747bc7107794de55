package dev.kvasir.kernels.choice.tornado.ladder;

import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.page.tornado.Frames;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Top-k, step 2 of 3: every value counts the values that beat it, and wins if there are fewer than {@code k}.
 *
 * <p>A work-item a value, so the whole device works, and {@code k} no longer matters. The values go through local memory
 * a tile at a time: each is read from there by all work-items of a group at once, which costs one access. What remains
 * is that {@code n} values make {@code n * n} comparisons, 268 million for 16,384 pages. Two kernels, since a work-group
 * cannot see what another found: {@link #mark} leaves 1 at each winner, {@link #collect} counts the ones before each.
 */
public final class TopK2Rank {
    private static final int THREADS = 256;

    private TopK2Rank() {}

    /** The launch of both kernels for so many tables with up to {@code stride} values. */
    public static WorkerGrid grid(int tables, int stride) {
        var grid = new WorkerGrid2D(Frames.roundUp(stride, THREADS), tables);
        grid.setLocalWork(THREADS, 1, 1);
        return grid;
    }

    /**
     * Marks the winners; the rest as {@link TopK#selectWinners}.
     *
     * @param marks receives {@code [tables][stride]}, 1 for a winner and 0 for a loser, within the range
     */
    public static void mark(KernelContext context, FloatArray values, IntArray range, IntArray marks, int stride,
            int maxWinners) {
        int thread = context.localIdx;
        int i = context.globalIdx;
        int table = context.groupIdy;
        float[] tile = context.allocateFloatLocalArray(THREADS);
        int from = range.get(3 * table);
        int to = range.get(3 * table + 1);
        int k = Math.min(range.get(3 * table + 2), maxWinners);
        boolean inside = i >= from && i < to;
        float value = 0;
        if (inside) {
            value = values.get(table * stride + i);
        }
        int better = 0;
        for (int first = from; first < to; first += THREADS) {
            int size = Math.min(THREADS, to - first);
            if (thread < size) {
                tile[thread] = values.get(table * stride + first + thread);
            }
            context.localBarrier();
            for (int j = 0; j < size; j++) {
                better += tile[j] > value || (tile[j] == value && first + j < i) ? 1 : 0;
            }
            context.localBarrier();
        }
        if (inside) {
            marks.set(table * stride + i, better < k ? 1 : 0);
        }
    }

    /** Writes the marked indices, ascending; arguments as {@link TopK#selectWinners}. */
    public static void collect(KernelContext context, IntArray marks, IntArray range, IntArray winners,
            IntArray counts, int stride, int maxWinners) {
        int i = context.globalIdx;
        int table = context.groupIdy;
        int from = range.get(3 * table);
        int to = range.get(3 * table + 1);
        if (i == 0) {
            counts.set(table, TopK.count(from, to, range.get(3 * table + 2), maxWinners));
        }
        if (i >= from && i < to && marks.get(table * stride + i) == 1) {
            int lower = 0;
            for (int j = from; j < i; j++) {
                lower += marks.get(table * stride + j);
            }
            if (lower < maxWinners) {
                winners.set(table * maxWinners + lower, i);
            }
        }
    }
}
