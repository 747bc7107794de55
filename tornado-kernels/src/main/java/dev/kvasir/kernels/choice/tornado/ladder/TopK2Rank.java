package dev.kvasir.kernels.choice.tornado.ladder;

import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Top-k, step 2 of 3: every value counts the values that beat it, and wins if there are fewer than {@code k}.
 *
 * <p>Each value has a work-item, so the whole device works, and the time does not depend on {@code k}. The values go
 * through local memory a tile at a time: all work-items of a group read a value at once, which costs one access. Its limit:
 * {@code n} values take {@code n * n} comparisons, 268 million for 16,384 pages. There are two kernels, because a work-group
 * cannot see the results of another: {@link #mark} writes 1 at each winner, {@link #collect} counts the ones before each.
 */
public final class TopK2Rank {
    private static final int THREADS = 256;

    private TopK2Rank() {}

    /** Adds both tasks, {@code nameMark} and {@code name}: a work-item for each value of each table. */
    public static void addTo(TaskList tasks, String name, FloatArray values, IntArray range, IntArray marks,
            IntArray winners, IntArray counts) {
        addMark(tasks, name + "Mark", values, range, marks, counts.getSize(), winners.getSize() / counts.getSize());
        addCollect(tasks, name, marks, range, winners, counts);
    }

    private static void addMark(TaskList tasks, String name, FloatArray values, IntArray range, IntArray marks,
            int tables, int maxWinners) {
        int stride = values.getSize() / tables;
        tasks.graph().task(name, TopK2Rank::mark, tasks.context(), values, range, marks, stride, maxWinners);
        tasks.launch(name, Grids.plane(Math.ceilDiv(stride, THREADS), tables, THREADS));
    }

    private static void addCollect(TaskList tasks, String name, IntArray marks, IntArray range, IntArray winners,
            IntArray counts) {
        int tables = counts.getSize();
        int stride = marks.getSize() / tables;
        tasks.graph()
                .task(name, TopK2Rank::collect, tasks.context(), marks, range, winners, counts, stride,
                        winners.getSize() / tables);
        tasks.launch(name, Grids.plane(Math.ceilDiv(stride, THREADS), tables, THREADS));
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

    /** 512 of 16,384 pages. */
    public static List<KernelSample> samples() {
        return List.of(
                KernelSample.of("TopK2Rank.mark", a -> addMark(a.tasks(), KernelSample.TASK, a.floats(16_384),
                        a.ints(3), a.ints(16_384), 1, 512)),
                KernelSample.of("TopK2Rank.collect", a -> addCollect(a.tasks(), KernelSample.TASK, a.ints(16_384),
                        a.ints(3), a.ints(512), a.ints(1))));
    }
}
