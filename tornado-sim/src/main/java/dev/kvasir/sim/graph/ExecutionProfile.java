package dev.kvasir.sim.graph;

/**
 * What one execution took.
 *
 * @param totalNanos wall time
 * @param compileNanos of it, loading and rewriting kernels
 * @param kernelNanos of it, running kernels
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
