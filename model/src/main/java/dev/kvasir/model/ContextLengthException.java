package dev.kvasir.model;

/** A text is longer than the context it was given: the message names both lengths. */
public final class ContextLengthException extends RuntimeException {
    public ContextLengthException(String message) {
        super(message);
    }
}
