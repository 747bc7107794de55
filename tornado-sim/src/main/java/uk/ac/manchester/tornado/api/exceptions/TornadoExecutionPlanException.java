package uk.ac.manchester.tornado.api.exceptions;

/** An execution plan that cannot be closed. */
public class TornadoExecutionPlanException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A failure with a sentence. */
    public TornadoExecutionPlanException(String message) {
        super(message);
    }

    /** A failure with a sentence and its cause. */
    public TornadoExecutionPlanException(String message, Throwable cause) {
        super(message, cause);
    }
}
