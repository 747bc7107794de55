package dev.kvasir.lab;

/** The user wants the run ended: the cell under way is given up, what was measured before it stays. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("interrupted");
    }
}
