package uk.ac.manchester.tornado.api.exceptions;

/** A kernel that the device's compiler rejects. */
public class TornadoBailoutRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a sentence. */
    public TornadoBailoutRuntimeException(String message) {
        super(message);
    }

    /** A failure with a sentence and its cause. */
    public TornadoBailoutRuntimeException(String message, Exception cause) {
        super(message, cause);
    }
}
