import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

public class Scale {
    static void scale(KernelContext context, FloatArray x, FloatArray y, float factor) {
        y.set(context.globalIdx, factor * x.get(context.globalIdx));
    }

    public static void main(String[] args) throws Exception {
        var x = FloatArray.fromElements(1, 2, 3, 4);
        var y = new FloatArray(4);
        var grid = new WorkerGrid1D(4);
        grid.setLocalWork(4, 1, 1);
        var graph = new TaskGraph("g")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("t", Scale::scale, new KernelContext(), x, y, 2f)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("g.t", grid)).execute();
        }
        System.out.println(y.get(0) + " " + y.get(1) + " " + y.get(2) + " " + y.get(3));
    }
}
