package dev.kvasir.kvcache.transfer.tornado;

import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kvcache.page.HostStore;
import java.util.Set;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The copies as tasks of a graph that TornadoVM runs: nothing here depends on what kernels compute. */
class CopyTaskTest {
    private static final int PAGE = 16 << 10; // bytes
    private static final int FLOATS = PAGE / Float.BYTES;
    private static final int FRAMES = 8;

    static void touch(KernelContext context, FloatArray frames, FloatArray out) {
        int i = context.globalIdx;
        out.set(i, frames.get(i));
    }

    @Test
    void aPageLeavesAndComesBackBetweenTheKernelsOfAGraph() throws Exception {
        assumeTrue(Devices.areReal() && Set.of("PTX", "CUDA").contains(Devices.all().get(0).backend()),
                "needs TornadoVM's PTX or CUDA backend");
        FloatArray frames = new FloatArray(FRAMES * FLOATS);
        for (int i = 0; i < frames.getSize(); i++) {
            frames.set(i, 1 + i / FLOATS);
        }
        FloatArray out = new FloatArray(128);
        var context = new KernelContext();
        try (var host = new HostStore(4, PAGE);
                var transfers = new CudaPageTransfers(() -> host, PAGE, PAGE)) {
            var graph = new TaskGraph("step").transferToDevice(DataTransferMode.FIRST_EXECUTION, frames, out)
                    .task("before", CopyTaskTest::touch, context, frames, out);
            transfers.addStart(graph, "startCopies", frames);
            graph.task("beside", CopyTaskTest::touch, context, frames, out);
            transfers.addAwait(graph, "awaitCopies", frames);
            graph.task("after", CopyTaskTest::touch, context, frames, out)
                    .transferToHost(DataTransferMode.EVERY_EXECUTION, frames);
            var grids = new GridScheduler();
            for (String task : new String[]{"before", "beside", "after"}) {
                var grid = new WorkerGrid1D(128);
                grid.setLocalWork(128, 1, 1);
                grids.addWorkerGrid("step." + task, grid);
            }
            try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
                plan.withGridScheduler(grids);
                int slot = host.take();
                transfers.await(start(plan, transfers.backup(3, slot)));
                transfers.await(start(plan, transfers.recall(slot, 5)));
            }
        }

        assertThat(frames.get(5 * FLOATS)).isEqualTo(4);
        assertThat(frames.get(6 * FLOATS - 1)).isEqualTo(4);
        assertThat(frames.get(6 * FLOATS)).isEqualTo(7);
        assertThat(frames.get(5 * FLOATS - 1)).isEqualTo(5);
    }

    private static long start(TornadoExecutionPlan plan, long ticket) {
        plan.execute();
        return ticket;
    }
}
