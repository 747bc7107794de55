import dev.kvasir.sim.KernelFault;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

public class Race {
    /** The barrier between writing and reading the neighbour's element is missing. */
    static void neighbour(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(16);
        int lane = context.localIdx;
        tile[lane] = x.get(context.globalIdx);
        y.set(context.globalIdx, tile[Math.max(lane - 1, 0)]);
    }

    public static void main(String[] args) throws Exception {
        var x = new FloatArray(64);
        var y = new FloatArray(64);
        var grid = new WorkerGrid1D(64);
        grid.setLocalWork(16, 1, 1);
        var graph = new TaskGraph("g")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Race::neighbour, new KernelContext(), x, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("g.t", grid)).execute();
        } catch (KernelFault fault) {
            System.out.println(fault.kind() + ": " + fault.getMessage());
        }
    }
}
