package uk.ac.manchester.tornado.api;

/** A grid of work-items in 2 dimensions. */
public class WorkerGrid2D extends AbstractWorkerGrid {
    /** Dimensions. */
    public static final int DIM = 2;

    /** A grid of this many work-items, in groups of the runtime's choice. */
    public WorkerGrid2D(int x, int y) {
        super(x, y, 1);
    }

    @Override
    public int dimension() {
        return DIM;
    }
}
