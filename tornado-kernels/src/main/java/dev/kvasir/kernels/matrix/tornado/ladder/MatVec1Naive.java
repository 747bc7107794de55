package dev.kvasir.kernels.matrix.tornado.ladder;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.matrix.tornado.MatVec;
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
 * The first of the ladder: {@code y = W x}, one thread a row, as one would write it for a CPU. A row lies in one piece,
 * so neighbouring threads read a whole row apart: the 32 loads of a warp fall into 32 different sectors of 32 bytes,
 * where 4 would hold as many words side by side. And a matrix of 4096 rows keeps no more than 4096 threads busy, a
 * fiftieth of the threads of a large device.
 *
 * <p>Sectors that 128 rows of 4096 Q8_0 weights move, as the simulator counts them (without caches):
 *
 * <table>
 * <caption>The ladder</caption>
 * <tr><th>kernel</th><th>quants</th><th>{@code x}</th></tr>
 * <tr><td>{@link MatVec1Naive}</td><td>131,072</td><td>16,384</td></tr>
 * <tr><td>{@link MatVec2Group}</td><td>20,480</td><td>131,072</td></tr>
 * <tr><td>{@link MatVec}</td><td>20,480</td><td>32,768</td></tr>
 * </table>
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
                        Words.x(type, x, at, 4), Words.x(type, x, at, 5), Words.x(type, x, at, 6),
                        Words.x(type, x, at, 7));
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

    /** One token, for each type of weights. */
    public static List<KernelSample> samples() {
        return DeviceMatrix.samples("MatVec1Naive", 256,
                (a, w) -> addTo(a.tasks(), KernelSample.TASK, w, a.floats(w.cols()),
                        a.floats(w.rows())));
    }
}
