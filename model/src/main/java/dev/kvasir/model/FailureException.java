package dev.kvasir.model;

/** Something that cannot be done, told in one sentence with what to do about it: exit code 1. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FailureException(String sentence) {
        super(sentence);
    }

    public FailureException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
