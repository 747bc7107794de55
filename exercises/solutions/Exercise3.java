import dev.kvasir.sim.MemoryReport;
import dev.kvasir.sim.MemoryReport.Line;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Exercise 3: bank conflicts.
 *
 * <p>To learn: local memory lies in 32 banks; the float with index i is in bank i % 32. The 32 work-items of a warp get
 * their floats in one pass if each float is in another bank. If n different floats are in one bank, the warp needs n
 * passes.
 *
 * <p>Task: the kernel below transposes a matrix of 256 x 256 floats through tiles of 32 x 32 in local memory. A warp
 * writes a row of the tile and reads a column, and all floats of a column are in the same bank. Change the marked lines
 * so that neither the write nor the read has a conflict. Global memory must be read and written in rows, as now.
 *
 * <p>Check: the result, the conflicts that the simulator counts, and its efficiency of global memory. Run:
 * {@code java -cp runner/target/runner.jar exercises/Exercise3.java}
 *
 * <p>Help: which width of a row puts the floats of a column into different banks? tornado-sim/README.md explains the
 * report under "Memory traffic".
 */
public class Exercise3 {
    static final int N = 256;
    static final int TILE = 32;

    static void transpose(KernelContext context, FloatArray x, FloatArray y) {
        int column = context.localIdx;
        int row = context.localIdy;
        int tileColumn = context.groupIdx * TILE;
        int tileRow = context.groupIdy * TILE;
        // your code begins
        int width = TILE + 1; // the floats of a column are 33 apart, and so in 32 different banks
        float[] tile = context.allocateFloatLocalArray(TILE * width);
        tile[row * width + column] = x.get((tileRow + row) * N + tileColumn + column);
        context.localBarrier();
        y.set((tileColumn + row) * N + tileRow + column, tile[column * width + row]);
        // your code ends
    }

    // The check. Nothing below needs a change.

    public static void main(String[] args) {
        var x = new FloatArray(N * N);
        for (int i = 0; i < x.getSize(); i++) {
            x.set(i, i);
        }
        var y = new FloatArray(N * N);
        var grid = new WorkerGrid2D(N, N);
        grid.setLocalWork(TILE, TILE, 1);
        var graph = new TaskGraph("exercise")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("transpose", Exercise3::transpose, new KernelContext(), x, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var report = MemoryReport.open(); var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("exercise.transpose", grid)).execute();
            System.out.println(report);
            check(y, report);
        } catch (Exception fault) {
            end(1, "Exercise 3 is not solved: " + fault.getMessage() + ".");
        }
    }

    static void check(FloatArray y, MemoryReport report) {
        for (int i = 0; i < N * N; i++) {
            if (y.get(i) != i % N * N + i / N) {
                end(1, "Exercise 3 is not solved: y[" + i + "] is " + y.get(i) + ", and it should be "
                        + (i % N * N + i / N) + ".");
            }
        }
        for (Line line : report.lines()) {
            String access = line.use().what() + " at " + line.use().place();
            if (line.conflicts() > 0) {
                end(1, "Exercise 3 is not solved: " + access + " has " + line.conflicts()
                        + " conflicts in " + line.requests() + " requests, and it should have none.");
            }
            if (!line.use().local() && line.efficiency() < 0.79) {
                end(1, "Exercise 3 is not solved: " + access + " uses %.0f".formatted(100 * line.efficiency())
                        + " % of the bytes that it moves, and it should use 80 %.");
            }
        }
        end(0, "Exercise 3 is solved: the tile has no bank conflicts, and global memory is used as before.");
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}
