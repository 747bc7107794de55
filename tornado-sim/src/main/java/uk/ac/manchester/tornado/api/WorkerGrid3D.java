package uk.ac.manchester.tornado.api;

/** A grid of work-items in 3 dimensions. */
public class WorkerGrid3D extends AbstractWorkerGrid {
    /** Dimensions. */
    public static final int DIM = 3;

    /** A grid of this many work-items, in groups of the runtime's choice. */
    public WorkerGrid3D(int x, int y, int z) {
        super(x, y, z);
    }

    @Override
    public int dimension() {
        return DIM;
    }
}
