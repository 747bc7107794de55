package uk.ac.manchester.tornado.api.exceptions;

/** A failure of the runtime. */
public class TornadoRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a sentence. */
    public TornadoRuntimeException(String message) {
        super(message);
    }

    /** A failure with its cause. */
    public TornadoRuntimeException(Exception cause) {
        super(cause);
    }
}
