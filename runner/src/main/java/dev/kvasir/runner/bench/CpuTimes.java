package dev.kvasir.runner.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How busy the machine has been since it started, on Linux.
 *
 * @param busy ticks of all CPUs in which something ran, here or in another virtual machine on the same hardware
 * @param all ticks of all CPUs
 * @param cpus number of CPUs; 0 if the times are unknown
 * @param own CPU time of this process in nanoseconds
 * @param at when, as {@link System#nanoTime} has it
 */
record CpuTimes(long busy, long all, int cpus, long own, long at) {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();
    private static final int IDLE = 3; // of user, nice, system, idle, iowait, irq, softirq, steal
    private static final int IOWAIT = 4;
    private static final int FIELDS = 8; // guest time, which follows, is part of user time

    static CpuTimes now() {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/stat"));
        } catch (IOException e) {
            lines = List.of(); // not Linux, or hidden
        }
        return of(lines, SYSTEM.getProcessCpuTime(), System.nanoTime());
    }

    static CpuTimes of(List<String> stat, long own, long at) {
        if (stat.isEmpty() || !stat.getFirst().startsWith("cpu ")) {
            return new CpuTimes(0, 0, 0, own, at);
        }
        long[] ticks = Arrays.stream(stat.getFirst().split(" +"))
                .skip(1)
                .limit(FIELDS)
                .mapToLong(Long::parseLong)
                .toArray();
        long all = Arrays.stream(ticks).sum();
        int cpus = (int) stat.stream().filter(line -> line.matches("cpu\\d+ .*")).count();
        return new CpuTimes(all - ticks[IDLE] - ticks[IOWAIT], all, cpus, own, at);
    }

    /** The share of the machine's CPU time that other processes took since then; NaN if unknown. */
    double othersSince(CpuTimes before) {
        if (cpus == 0 || before.cpus == 0 || all <= before.all || at <= before.at || own < 0) {
            return Double.NaN;
        }
        double used = (busy - before.busy) / (double) (all - before.all);
        return Math.clamp(used - (own - before.own) / ((double) (at - before.at) * cpus), 0, 1);
    }
}
