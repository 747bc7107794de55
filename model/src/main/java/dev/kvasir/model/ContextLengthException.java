package dev.kvasir.model;

/** A text is longer than its context. The message names both lengths. */
public final class ContextLengthException extends RuntimeException {
    public ContextLengthException(String message) {
        super(message);
    }
}
