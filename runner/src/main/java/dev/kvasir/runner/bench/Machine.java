package dev.kvasir.runner.bench;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.MachineProbe;

/**
 * The machine's peak rates with the threads of the benchmark; NaN if not measured.
 *
 * @param readBytes bytes per second of a bare read of memory
 * @param oneStream the same if every thread reads a single stream
 * @param operations floating-point operations per second of fused multiply-adds in registers
 */
public record Machine(double readBytes, double oneStream, double operations) {
    /** A machine that was not measured. */
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN, Double.NaN);

    private static final int READ_MEBIBYTES = 512; // larger than every cache
    private static final int TRIES = 5;

    /** The higher rate of each kind: other load can only lower what is measured. */
    public Machine higher(Machine other) {
        return new Machine(Math.max(readBytes, other.readBytes), Math.max(oneStream, other.oneStream),
                Math.max(operations, other.operations));
    }

    /** Measures this machine with {@code threads} threads. */
    public static Machine measured(int threads) {
        try (Workers workers = new Workers(threads)) {
            var read = MachineProbe.read(workers, READ_MEBIBYTES, TRIES);
            return new Machine(read.bytes(), read.oneStream(), MachineProbe.multiplyAddPeak(workers, TRIES));
        }
    }
}
