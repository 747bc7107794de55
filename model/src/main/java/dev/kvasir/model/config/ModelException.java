package dev.kvasir.model.config;

/**
 * A model cannot be run at all, or not with the given options. The message is one sentence with the reason and the next
 * action.
 */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
