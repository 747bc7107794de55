package dev.kvasir.runner.bench;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.vector.MachineProbe;

/**
 * What the machine can do at most, on the threads of the benchmark; NaN where it was not measured.
 *
 * @param readBytes bytes a second that a bare read of memory reaches
 * @param operations floating-point operations a second that fused multiply-adds in registers reach
 */
public record Machine(double readBytes, double operations) {
    /** A machine nobody has measured. */
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN);

    private static final int READ_MEBIBYTES = 512; // no cache holds that
    private static final int TRIES = 5;

    /** This machine, measured now on so many threads. */
    public static Machine measured(int threads) {
        try (Workers workers = new Workers(threads)) {
            return new Machine(MachineProbe.readBandwidth(workers, READ_MEBIBYTES, TRIES),
                    MachineProbe.multiplyAddPeak(workers, TRIES));
        }
    }
}
