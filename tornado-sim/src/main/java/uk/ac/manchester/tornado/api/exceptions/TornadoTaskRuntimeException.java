package uk.ac.manchester.tornado.api.exceptions;

/** A task that cannot be run. */
public class TornadoTaskRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a sentence. */
    public TornadoTaskRuntimeException(String message) {
        super(message);
    }

    /** A failure with a sentence and its cause. */
    public TornadoTaskRuntimeException(String message, Exception cause) {
        super(message, cause);
    }
}
