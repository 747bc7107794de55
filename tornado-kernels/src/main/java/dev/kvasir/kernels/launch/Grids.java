package dev.kvasir.kernels.launch;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;

/** Launch shapes in work-groups. */
public final class Grids {

    private Grids() {}

    /** {@code groups} work-groups of {@code local} threads in a line. */
    public static WorkerGrid line(int groups, int local) {
        var grid = new WorkerGrid1D(Math.multiplyExact(groups, local));
        grid.setLocalWork(local, 1, 1);
        return grid;
    }

    /** {@code groupsX} by {@code groupsY} work-groups of {@code local} threads each, all along x. */
    public static WorkerGrid plane(int groupsX, int groupsY, int local) {
        var grid = new WorkerGrid2D(Math.multiplyExact(groupsX, local), groupsY);
        grid.setLocalWork(local, 1, 1);
        return grid;
    }

}
