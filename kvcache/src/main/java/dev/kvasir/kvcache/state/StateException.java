package dev.kvasir.kvcache.state;

/**
 * A state that cannot be saved, or saved bytes that cannot be restored: because they are damaged, or because they are of
 * another model or of a cache with other options. The message says what is wrong.
 */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StateException(String message) {
        super(message);
    }

    public StateException(String message, Throwable cause) {
        super(message, cause);
    }
}
