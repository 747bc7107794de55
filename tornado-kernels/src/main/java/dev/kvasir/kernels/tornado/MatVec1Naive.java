package dev.kvasir.kernels.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The first of the ladder: {@code y = W x}, one thread a row, as one would write it for a CPU. A row lies in one piece,
 * so neighbouring threads read a whole row apart: the 32 loads of a warp fall into 32 different sectors of 32 bytes,
 * where 4 would hold as many words side by side. And a matrix of 4096 rows keeps no more than 4096 threads busy, a
 * fiftieth of what a large device can hold. Next: {@link MatVec2Group}.
 *
 * <p>Launch: {@code rows} threads, rounded up to work-groups of 128. No local memory.
 */
public final class MatVec1Naive {
    private static final int LOCAL = 128;

    private MatVec1Naive() {}

    /**
     * The kernel.
     *
     * @param type {@link DeviceMatrix#type} as its number in GGUF; with the five arguments behind it, the weights
     * @param x {@code [cols]}
     * @param y {@code [rows]}
     */
    public static void multiply(KernelContext context, int type, int nativeHalf, FloatArray floats, IntArray words,
            HalfFloatArray halves, ShortArray bits, FloatArray x, FloatArray y, int rows, int cols) {
        int row = context.globalIdx;
        if (row < rows) {
            int rowWords = Words.ofRow(type, cols);
            float sum = 0;
            for (int w = 0; w < rowWords; w++) {
                int at = Words.first(type, w);
                sum += Words.dot(type, nativeHalf, floats, words, halves, bits, row, w, cols, Words.x(type, x, at, 0),
                        Words.x(type, x, at, 1), Words.x(type, x, at, 2), Words.x(type, x, at, 3),
                        Words.x(type, x, at, 16), Words.x(type, x, at, 17), Words.x(type, x, at, 18),
                        Words.x(type, x, at, 19));
            }
            y.set(row, sum);
        }
    }

    /** The launch shape. */
    public static WorkerGrid grid(int rows) {
        return Grids.line(Math.ceilDiv(rows, LOCAL), LOCAL);
    }

    /** Adds the task {@code y = W x}. */
    public static void addTo(TaskList tasks, String name, DeviceMatrix w, FloatArray x, FloatArray y) {
        tasks.graph()
                .task(name, MatVec1Naive::multiply, tasks.context(), w.code(), w.nativeHalfCode(), w.floats(),
                        w.words(), w.halves(), w.bits(), x, y, w.rows(), w.cols());
        tasks.launch(name, grid(w.rows()));
    }
}
