package dev.kvasir.sim;

/**
 * How the simulator runs kernels.
 *
 * @param checks whether each use of memory is checked. Without checks a kernel runs up to twice as fast; of what goes wrong
 *        while it runs, only indices outside arrays and divergent barriers are still found.
 */
public record SimOptions(boolean checks) {
    /** The system property that switches checks: {@code on}, which is the default, or {@code off}. */
    public static final String CHECKS = "kvasir.sim.checks";

    /** The options that the system properties say now. */
    public static SimOptions fromProperties() {
        String checks = System.getProperty(CHECKS, "on");
        return switch (checks) {
            case "on" -> new SimOptions(true);
            case "off" -> new SimOptions(false);
            default -> throw new IllegalArgumentException("-D" + CHECKS + "=" + checks + " is neither on nor off");
        };
    }
}
