package dev.kvasir.kvcache.paged.graph;

/** TornadoVM could not compile or run a graph; the message is one sentence with what to try. */
public final class GraphFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String TORNADO = "uk.ac.manchester.tornado";

    private GraphFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The exception to throw for a failed run: TornadoVM's own exceptions are wrapped, others are returned as they are. */
    static RuntimeException of(String graph, RuntimeException problem) {
        if (!problem.getClass().getName().startsWith(TORNADO)) {
            return problem;
        }
        String message = problem.getMessage() == null
                ? problem.getClass().getSimpleName()
                : problem.getMessage().strip();
        return new GraphFailedException(
                "TornadoVM could not run graph %s (%s): lower contextTokens or CacheOptions.deviceMemory if the device is out of memory"
                        .formatted(graph, message),
                problem);
    }
}
