package dev.kvasir.model.chat.jinja;

/** A template that cannot be read or rendered. The message has no line; {@link #line} has. */
public final class JinjaException extends RuntimeException {

    /** Stands for an unknown line. */
    public static final int NO_LINE = 0;

    private final int line;
    private final boolean raised;

    /** A problem on a line that is still unknown. */
    JinjaException(String message) {
        this(message, NO_LINE, false);
    }

    /** A problem on a line, counted from 1. */
    JinjaException(String message, int line) {
        this(message, line, false);
    }

    private JinjaException(String message, int line, boolean raised) {
        super(message);
        this.line = line;
        this.raised = raised;
    }

    /** An error that the template itself raises with {@code raise_exception}. */
    static JinjaException raised(String message) {
        return new JinjaException(message, NO_LINE, true);
    }

    /** The same with a line, if it has none yet. */
    JinjaException at(int where) {
        return line != NO_LINE ? this : new JinjaException(String.valueOf(getMessage()), where, raised);
    }

    /** The line of the template, from 1; {@link #NO_LINE} if unknown. */
    public int line() {
        return line;
    }

    /** Whether the template itself raised the error with {@code raise_exception}. */
    public boolean isRaised() {
        return raised;
    }
}
