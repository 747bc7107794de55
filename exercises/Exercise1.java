import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Exercise 1: a data race.
 *
 * <p>To learn: work-items of a GPU run at the same time. If two of them read and write one element, the result depends
 * on which comes first.
 *
 * <p>Task: the kernel below counts how often each digit occurs in x. Each work-item reads one digit, reads the count of
 * this digit, and writes the count plus one. Two work-items with the same digit can read the same count; then one of the
 * two is lost. Change the marked lines so that all of them count.
 *
 * <p>Check: the simulator watches every access and reports a race; then the counts are compared with those of a plain
 * loop. Run: {@code java -cp runner/target/runner.jar exercises/Exercise1.java}
 *
 * <p>Help: KernelContext has a method that adds to one element of an IntArray as one indivisible operation. What the
 * simulator finds is in tornado-sim/README.md.
 */
public class Exercise1 {

    static void count(KernelContext context, IntArray x, IntArray counts) {
        int digit = x.get(context.globalIdx);
        // your code begins
        counts.set(digit, counts.get(digit) + 1);
        // your code ends
    }

    // The check. Nothing below needs a change.

    static final int DIGITS = 10;

    public static void main(String[] args) {
        var x = new IntArray(256);
        int[] expected = new int[DIGITS];
        for (int i = 0; i < x.getSize(); i++) {
            x.set(i, i * i % DIGITS);
            expected[x.get(i)]++;
        }
        var counts = new IntArray(DIGITS);
        var grid = new WorkerGrid1D(x.getSize());
        grid.setLocalWork(32, 1, 1);
        var graph = new TaskGraph("exercise")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x, counts)
                .task("count", Exercise1::count, new KernelContext(), x, counts)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, counts);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("exercise.count", grid)).execute();
        } catch (Exception fault) {
            end(1, "Exercise 1 is not solved: " + fault.getMessage() + ".");
        }
        for (int digit = 0; digit < DIGITS; digit++) {
            if (counts.get(digit) != expected[digit]) {
                end(1, "Exercise 1 is not solved: the kernel counts the digit " + digit + " " + counts.get(digit)
                        + " times, and it occurs " + expected[digit] + " times.");
            }
        }
        end(0, "Exercise 1 is solved: all " + x.getSize() + " digits are counted, and no two work-items race.");
    }

    static void end(int code, String sentence) {
        System.out.println(sentence);
        System.exit(code);
    }
}
