package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.TaskList;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Copies those queries of a chunk that are among the last of the prompt; they score the pages at the end of a layer. */
final class QueryRows {
    private static final int THREADS = 128;

    private QueryRows() {}

    /**
     * The kernel: {@code kept[i] = q[row[i]]}, one element a thread, one row along y.
     *
     * @param q {@code [tokens][width]}
     * @param row {@code [kept rows]}; below 0: the kept row stays as it is
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
        tasks.launch(name, Grids.plane(Math.ceilDiv(width, THREADS), rows, THREADS));
    }
}
