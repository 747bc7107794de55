package dev.kvasir.kvcache.transfer;

/** A copy of a page failed: its destination holds anything, its source is unharmed. */
public final class CopyFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CopyFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
