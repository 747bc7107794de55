package uk.ac.manchester.tornado.api;

/** The numbers of work-items of a task and of its groups. */
public interface WorkerGrid {
    /** Dimensions, 1 to 3. */
    int dimension();

    /** Work-items in each dimension. */
    long[] getGlobalWork();

    /** Work-items of a group in each dimension, or null when the runtime chooses. */
    long[] getLocalWork();

    /** Work-groups in each dimension, or null when the runtime chooses. */
    long[] getNumberOfWorkgroups();

    /** Index of the first work-item in each dimension. */
    long[] getGlobalOffset();

    /** Sets the work-items of each dimension. */
    void setGlobalWork(long x, long y, long z);

    /** Sets the work-items of a group. */
    void setLocalWork(long x, long y, long z);

    /** Leaves the number of groups to the runtime. */
    void setNumberOfWorkgroupsToNull();

    /** Leaves the size of groups to the runtime. */
    void setLocalWorkToNull();

    /** Sets the index of the first work-item. */
    void setGlobalOffset(long x, long y, long z);
}
