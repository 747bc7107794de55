package uk.ac.manchester.tornado.api;

/** A grid of work-items in 1 dimension. */
public class WorkerGrid1D extends AbstractWorkerGrid {
    /** Dimensions. */
    public static final int DIM = 1;

    /** A grid of this many work-items, in groups of the runtime's choice. */
    public WorkerGrid1D(int x) {
        super(x, 1, 1);
    }

    @Override
    public int dimension() {
        return DIM;
    }
}
