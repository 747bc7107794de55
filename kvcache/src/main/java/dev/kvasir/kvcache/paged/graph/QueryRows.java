package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.TaskList;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Keeps those queries of a chunk that are among the prompt's last, for the judging at the end of a layer. */
final class QueryRows {
    private static final int THREADS = 128;

    private QueryRows() {}

    /**
     * The kernel: {@code kept[i] = q[row[i]]}, one element a thread, one row along y.
     *
     * @param q {@code [tokens][width]}
     * @param row {@code [kept rows]}; below 0: what was kept stays
     */
    public static void keep(KernelContext context, FloatArray q, IntArray row, FloatArray kept, int width) {
        int element = context.globalIdx;
        int to = context.globalIdy;
        int from = row.get(to);
        if (element < width && from >= 0) {
            kept.set(to * width + element, q.get(from * width + element));
        }
    }

    /** Adds the task. */
    static void addTo(TaskList tasks, String name, FloatArray q, IntArray row, FloatArray kept, int width, int rows) {
        tasks.graph().task(name, QueryRows::keep, tasks.context(), q, row, kept, width);
        var grid = new WorkerGrid2D((width + THREADS - 1) / THREADS * THREADS, rows);
        grid.setLocalWork(THREADS, 1, 1);
        tasks.launch(name, grid);
    }
}
