package dev.kvasir.lab;

import dev.kvasir.model.FailureException;

/** What becomes of a line of data that cannot be used. */
@FunctionalInterface
public interface Complaints {
    /** The run ends. */
    Complaints STRICT = problem -> {
        throw new FailureException(problem + "; correct it, or leave such lines out with --keep-going");
    };

    /**
     * Takes note of a problem; the line is left out.
     *
     * @param problem file, line and reason
     * @throws FailureException if the run is to end with it
     */
    void about(String problem);
}
