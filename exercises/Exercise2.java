import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Exercise 2: missing barriers.
 *
 * <p>To learn: work-items of a group exchange numbers through local memory. A barrier is the point at which each waits
 * until all others have arrived; only after it they see what the others wrote.
 *
 * <p>Task: each group of 64 work-items sums 64 numbers in a tree: 32 work-items add one number each, then 16, then 8,
 * and so on. Nothing separates these rounds. Add the barriers that are needed, and no others: each costs time.
 *
 * <p>Check: the simulator reports the first read of an element that another work-item has written without a barrier
 * between; then the sums are compared with those of a plain loop. A barrier that only some work-items reach is an error,
 * too. Run: {@code java -cp runner/target/runner.jar exercises/Exercise2.java}
 *
 * <p>Help: context.localBarrier(). The word "group" is explained in docs/glossary.md, the faults in
 * tornado-sim/README.md.
 */
public class Exercise2 {
    static final int GROUP = 64;

    static void sum(KernelContext context, FloatArray x, FloatArray sums) {
        float[] tile = context.allocateFloatLocalArray(GROUP);
        int lane = context.localIdx;
        // your code begins
        tile[lane] = x.get(context.globalIdx);
        for (int half = GROUP / 2; half > 0; half /= 2) {
            if (lane < half) {
                tile[lane] += tile[lane + half];
            }
        }
        // your code ends
        if (lane == 0) {
            sums.set(context.groupIdx, tile[0]);
        }
    }

    // The check. Nothing below needs a change.

    public static void main(String[] args) {
        int groups = 4;
        var x = new FloatArray(groups * GROUP);
        float[] expected = new float[groups];
        for (int i = 0; i < x.getSize(); i++) {
            x.set(i, i % 7 - 2);
            expected[i / GROUP] += x.get(i);
        }
        var sums = new FloatArray(groups);
        var grid = new WorkerGrid1D(x.getSize());
        grid.setLocalWork(GROUP, 1, 1);
        var graph = new TaskGraph("exercise")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("sum", Exercise2::sum, new KernelContext(), x, sums)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, sums);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("exercise.sum", grid)).execute();
        } catch (Exception fault) {
            end(1, "Exercise 2 is not solved: " + fault.getMessage() + ".");
        }
        for (int group = 0; group < groups; group++) {
            if (sums.get(group) != expected[group]) {
                end(1, "Exercise 2 is not solved: the sum of group " + group + " is " + sums.get(group)
                        + ", and it should be " + expected[group] + ".");
            }
        }
        end(0, "Exercise 2 is solved: " + groups + " groups sum " + x.getSize()
                + " numbers, and each read waits for its write.");
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}
