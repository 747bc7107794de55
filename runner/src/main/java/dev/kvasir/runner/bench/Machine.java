package dev.kvasir.runner.bench;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.MachineProbe;

/**
 * What the machine can do at most, on the threads of the benchmark; NaN where it was not measured.
 *
 * @param readBytes bytes a second that a bare read of memory reaches
 * @param oneStream the same where every thread reads a single stream
 * @param operations floating-point operations a second that fused multiply-adds in registers reach
 */
public record Machine(double readBytes, double oneStream, double operations) {
    /** A machine nobody has measured. */
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN, Double.NaN);

    private static final int READ_MEBIBYTES = 512; // no cache holds that
    private static final int TRIES = 5;

    /** This machine, measured now on so many threads. */
    public static Machine measured(int threads) {
        try (Workers workers = new Workers(threads)) {
            var read = MachineProbe.read(workers, READ_MEBIBYTES, TRIES);
            return new Machine(read.bytes(), read.oneStream(), MachineProbe.multiplyAddPeak(workers, TRIES));
        }
    }
}
