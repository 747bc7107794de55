import dev.kvasir.sim.MemoryReport;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

public class Transpose {
    static final int N = 256;
    static final int TILE = 32;

    static void naive(KernelContext context, FloatArray x, FloatArray y) {
        y.set(context.globalIdx * N + context.globalIdy, x.get(context.globalIdy * N + context.globalIdx));
    }

    static void tiled(KernelContext context, FloatArray x, FloatArray y) {
        float[] tile = context.allocateFloatLocalArray(TILE * TILE);
        int column = context.localIdx;
        int row = context.localIdy;
        int tileColumn = context.groupIdx * TILE;
        int tileRow = context.groupIdy * TILE;
        tile[row * TILE + column] = x.get((tileRow + row) * N + tileColumn + column);
        context.localBarrier();
        y.set((tileColumn + row) * N + tileRow + column, tile[column * TILE + row]);
    }

    public static void main(String[] args) throws Exception {
        var x = new FloatArray(N * N);
        var y = new FloatArray(N * N);
        var grid = new WorkerGrid2D(N, N);
        grid.setLocalWork(TILE, TILE, 1);
        var graph = new TaskGraph("g")
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
                .task("naive", Transpose::naive, new KernelContext(), x, y)
                .task("tiled", Transpose::tiled, new KernelContext(), x, y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
        var grids = new GridScheduler("g.naive", grid);
        grids.addWorkerGrid("g.tiled", grid);
        try (var report = MemoryReport.open(); var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(grids).execute();
            System.out.print(report);
        }
    }
}
