package dev.kvasir.model;

/**
 * An operation that cannot be done. The message is one sentence with the problem and the next action. A command that
 * ends with it has exit code 1.
 */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FailureException(String sentence) {
        super(sentence);
    }

    public FailureException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
