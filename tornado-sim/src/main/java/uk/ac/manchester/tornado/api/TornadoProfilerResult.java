package uk.ac.manchester.tornado.api;

import dev.kvasir.sim.graph.ExecutionProfile;

/** The times and copies of an execution. */
public class TornadoProfilerResult {
    private final ExecutionProfile profile;

    TornadoProfilerResult(ExecutionProfile profile) {
        this.profile = profile;
    }

    /** Nanoseconds of the whole execution. */
    public long getTotalTime() {
        return profile.totalNanos();
    }

    /** Nanoseconds inside kernels. */
    public long getDeviceKernelTime() {
        return profile.kernelNanos();
    }

    /** Nanoseconds spent on compiling kernels. */
    public long getCompileTime() {
        return profile.compileNanos();
    }

    /** Bytes copied to the device. */
    public long getTotalBytesCopyIn() {
        return profile.bytesToDevice();
    }

    /** Bytes copied to the host. */
    public long getTotalBytesCopyOut() {
        return profile.bytesToHost();
    }
}
