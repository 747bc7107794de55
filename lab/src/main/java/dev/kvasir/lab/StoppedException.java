package dev.kvasir.lab;

/** The user has interrupted the run. The current cell is dropped; earlier results stay. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("interrupted");
    }
}
