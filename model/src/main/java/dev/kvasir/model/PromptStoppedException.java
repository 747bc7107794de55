package dev.kvasir.model;

/** The caller has ended the reading of a prompt. The session can only be closed. */
public final class PromptStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final double share;

    /** After {@code done} of {@code total} parts. */
    public PromptStoppedException(long done, long total) {
        super("the prompt was interrupted after %d of %d parts".formatted(done, total));
        share = (double) done / total;
    }

    /** The share of the prompt that was read, from 0 to 1. */
    public double share() {
        return share;
    }
}
