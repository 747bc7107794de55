package uk.ac.manchester.tornado.api.enums;

/** The times at which an array of a task graph is copied. */
public class DataTransferMode {
    /** In the first execution only. */
    public static final int FIRST_EXECUTION = 0;
    /** In every execution. */
    public static final int EVERY_EXECUTION = 1;
    /** To the host only, when {@code TornadoExecutionResult.transferToHost} requests it. */
    public static final int UNDER_DEMAND = 2;
}
