package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import dev.kvasir.kernels.tensor.tornado.Words;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The embeddings of tokens: {@code x[t] = row ids[t]} of a matrix of any type, decoded to f32, one element a thread.
 * Launch: {@code tokens * cols} threads, rounded up to work-groups of 128.
 */
public final class Embedding {
    private static final int LOCAL = 128;

    private Embedding() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param ids {@code [tokens]}, each a row of the matrix
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the matrix
     * @param x {@code [tokens][cols]}
     */
    public static void rows(KernelContext context, IntArray active, IntArray ids, int type, int nativeHalf,
            FloatArray floats, IntArray words, HalfFloatArray halves, ShortArray bits, FloatArray x, int cols) {
        int index = context.globalIdx;
        if (index < active.get(0) * cols) {
            int row = ids.get(index / cols);
            int c = index % cols;
            x.set(index, Words.element(type, nativeHalf, floats, words, halves, bits, row, c, cols));
        }
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int cols, int tokens) {
        return Grids.line(Math.ceilDiv(tokens * cols, LOCAL), LOCAL);
    }

    /** Adds the task. */
    public static void addTo(TaskList tasks, String name, IntArray active, IntArray ids, DeviceMatrix table,
            FloatArray x, int tokens) {
        tasks.graph()
                .task(name, Embedding::rows, tasks.context(), active, ids, table.code(), table.nativeHalfCode(),
                        table.floats(), table.words(), table.halves(), table.bits(), x, table.cols());
        tasks.launch(name, grid(table.cols(), tokens));
    }

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("Embedding", 256, (a, table) -> addTo(a.tasks(), KernelSample.TASK, a.ints(1),
                a.ints(1), table, a.floats(table.cols()), 1));
    }
}
