package uk.ac.manchester.tornado.api.exceptions;

/** Device memory that cannot be had. */
public class TornadoMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a sentence. */
    public TornadoMemoryException(String message) {
        super(message);
    }
}
