package dev.kvasir.sim.graph;

/**
 * The time and the copies of one execution.
 *
 * @param totalNanos wall time
 * @param compileNanos part of the wall time for loading and rewriting kernels
 * @param kernelNanos part of the wall time for running kernels
 * @param bytesToDevice bytes copied to the device
 * @param bytesToHost bytes copied to the host
 */
public record ExecutionProfile(long totalNanos, long compileNanos, long kernelNanos, long bytesToDevice,
        long bytesToHost) {

    ExecutionProfile plus(ExecutionProfile other) {
        return new ExecutionProfile(totalNanos + other.totalNanos, compileNanos + other.compileNanos,
                kernelNanos + other.kernelNanos, bytesToDevice + other.bytesToDevice, bytesToHost + other.bytesToHost);
    }
}
