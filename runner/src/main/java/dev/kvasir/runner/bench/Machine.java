package dev.kvasir.runner.bench;

/**
 * What the machine can do at most, on the threads of the benchmark; NaN where it was not measured.
 *
 * @param readBytes bytes a second that a bare read of memory reaches
 * @param operations floating-point operations a second that fused multiply-adds in registers reach
 */
public record Machine(double readBytes, double operations) {
    /** A machine nobody has measured. */
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN);
}
