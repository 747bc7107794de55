package dev.kvasir.lab;

/**
 * A cell cannot be measured because of its own settings, not because of a fault. It is listed with the reason, and the
 * other cells run.
 */
public final class SkippedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SkippedException(String reason) {
        super(SettingFlags.in(reason));
    }

    public SkippedException(String reason, Throwable cause) {
        super(SettingFlags.in(reason), cause);
    }

    /** The reason, in one sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
