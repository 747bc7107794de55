package dev.kvasir.lab;

/** A cell cannot be measured, for a reason that lies in the grid and not in a fault: it is listed and the rest runs. */
public final class SkippedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SkippedException(String reason) {
        super(reason);
    }

    public SkippedException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** Why, in one sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
