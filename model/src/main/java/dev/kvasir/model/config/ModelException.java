package dev.kvasir.model.config;

/** A model cannot be run as it is, or as it was asked for: the message is one sentence with the reason and the next action. */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
