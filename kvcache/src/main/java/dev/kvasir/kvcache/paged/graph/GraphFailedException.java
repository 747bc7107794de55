package dev.kvasir.kvcache.paged.graph;

/** TornadoVM could not compile or run a graph; the message is one sentence with what to try. */
public final class GraphFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String TORNADO = "uk.ac.manchester.tornado";

    private GraphFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What to throw for a failed run: TornadoVM's own exceptions are wrapped, others say enough. */
    static RuntimeException of(String graph, RuntimeException problem) {
        if (!problem.getClass().getName().startsWith(TORNADO)) {
            return problem;
        }
        String told = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage().strip();
        return new GraphFailedException(
                "TornadoVM could not run graph %s (%s): lower --ctx-size or --device-memory if the device is out of memory; --print-kernel and -v tell more"
                        .formatted(graph, told),
                problem);
    }
}
