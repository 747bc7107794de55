package dev.kvasir.sim;

/**
 * The options of the simulator.
 *
 * @param checks whether each access to memory is checked. Without checks a kernel runs up to twice as fast, but of the
 *             faults at run time only indices outside arrays and divergent barriers are still detected.
 */
public record SimOptions(boolean checks) {
    /** The system property for checks: {@code on}, which is the default, or {@code off}. */
    public static final String CHECKS = "kvasir.sim.checks";

    /** The options of the current system properties. */
    public static SimOptions fromProperties() {
        String checks = System.getProperty(CHECKS, "on");
        return switch (checks) {
            case "on" -> new SimOptions(true);
            case "off" -> new SimOptions(false);
            default -> throw new IllegalArgumentException("-D" + CHECKS + "=" + checks + " is neither on nor off");
        };
    }
}
