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
 * Top-k, step 1 of 3: find the largest, mark it, and again, {@code k} times.
 *
 * <p>One work-group a table: each work-item finds the best of every {@code THREADS}-th value that comes after the last
 * winner in the order of ranks (smaller, or equal with a higher index), and a tree in local memory finds the best of
 * those. No sorting, no scratch memory, but {@code k} passes over all values with nine barriers each, on a single
 * multiprocessor: 512 of 16,384 pages are 8 million reads one after the other. The winners come out by rank; a last pass
 * counts for each how many have a lower index, which is where it belongs.
 */
public final class TopK1ArgMax {
    private static final int THREADS = 256;

    private TopK1ArgMax() {}

    /** Adds the task, a work-group for each table; {@code ranked} has the size of {@code winners}. */
    public static void addTo(TaskList tasks, String name, FloatArray values, IntArray range, IntArray ranked,
            IntArray winners, IntArray counts) {
        int tables = counts.getSize();
        tasks.graph()
                .task(name, TopK1ArgMax::selectWinners, tasks.context(), values, range, ranked, winners, counts,
                        values.getSize() / tables, winners.getSize() / tables);
        tasks.launch(name, Grids.line(tables, THREADS));
    }

    /**
     * As {@link TopK#selectWinners}, with room for the winners by rank.
     *
     * @param ranked scratch memory, {@code [tables][maxWinners]}
     */
    public static void selectWinners(KernelContext context, FloatArray values, IntArray range, IntArray ranked,
            IntArray winners, IntArray counts, int stride, int maxWinners) {
        int thread = context.localIdx;
        int table = context.groupIdx;
        float[] bestValues = context.allocateFloatLocalArray(THREADS);
        int[] bestIndices = context.allocateIntLocalArray(THREADS);
        int from = range.get(3 * table);
        int to = range.get(3 * table + 1);
        int count = TopK.count(from, to, range.get(3 * table + 2), maxWinners);
        float lastValue = Float.MAX_VALUE;
        int lastIndex = -1;
        for (int rank = 0; rank < count; rank++) {
            float best = -Float.MAX_VALUE;
            int bestIndex = to;
            for (int i = from + thread; i < to; i += THREADS) {
                float value = values.get(table * stride + i);
                if (value < lastValue || (value == lastValue && i > lastIndex)) {
                    if (bestIndex == to || value > best) {
                        best = value;
                        bestIndex = i;
                    }
                }
            }
            bestValues[thread] = best;
            bestIndices[thread] = bestIndex;
            context.localBarrier();
            for (int half = THREADS / 2; half > 0; half = half / 2) {
                if (thread < half) {
                    float other = bestValues[thread + half];
                    int otherIndex = bestIndices[thread + half];
                    if (other > bestValues[thread]
                            || (other == bestValues[thread] && otherIndex < bestIndices[thread])) {
                        bestValues[thread] = other;
                        bestIndices[thread] = otherIndex;
                    }
                }
                context.localBarrier();
            }
            lastValue = bestValues[0];
            lastIndex = bestIndices[0];
            if (thread == 0) {
                ranked.set(table * maxWinners + rank, lastIndex);
            }
            context.localBarrier();
        }
        context.globalBarrier();
        for (int i = thread; i < count; i += THREADS) {
            int winner = ranked.get(table * maxWinners + i);
            int lower = 0;
            for (int j = 0; j < count; j++) {
                lower += ranked.get(table * maxWinners + j) < winner ? 1 : 0;
            }
            winners.set(table * maxWinners + lower, winner);
        }
        if (thread == 0) {
            counts.set(table, count);
        }
    }

    /** 512 of 16,384 pages. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("TopK1ArgMax", a -> addTo(a.tasks(), KernelSample.TASK, a.floats(16_384),
                a.ints(3), a.ints(512), a.ints(512), a.ints(1))));
    }
}
