package dev.kvasir.lab;

import dev.kvasir.model.FailureException;

/** Receives the lines of a data file that cannot be used. */
@FunctionalInterface
public interface DataProblems {
    /** Ends the run. */
    DataProblems STRICT = problem -> {
        throw new FailureException(problem + "; correct it, or leave such lines out with --keep-going");
    };

    /**
     * Records a problem; the line is left out.
     *
     * @param problem file, line and reason
     * @throws FailureException if this problem ends the run
     */
    void report(String problem);
}
