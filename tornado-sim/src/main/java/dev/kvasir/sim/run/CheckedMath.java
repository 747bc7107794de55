package dev.kvasir.sim.run;

import dev.kvasir.sim.KernelFault.Kind;

/** Replaces integer operations whose results for negative values differ on devices. */
public final class CheckedMath {

    private CheckedMath() {}

    /** {@code value >> bits}, of which the low {@code used} bits are used. */
    public static int shr(int value, int bits, int used, WorkItem item, int site) {
        int kept = Integer.SIZE - (bits & Integer.SIZE - 1);
        if (used > kept) {
            requireNotNegative(value, item, site, "shifts");
        }
        return value >> bits;
    }

    /** {@code value >>> bits}, of which the low {@code used} bits are used. */
    public static int ushr(int value, int bits, int used, WorkItem item, int site) {
        int kept = Integer.SIZE - (bits & Integer.SIZE - 1);
        if (used > kept) {
            requireNotNegative(value, item, site, "shifts");
        }
        return value >>> bits;
    }

    /** {@code value >> bits}, of which the low {@code used} bits are used. */
    public static long shr(long value, int bits, int used, WorkItem item, int site) {
        int kept = Long.SIZE - (bits & Long.SIZE - 1);
        if (used > kept) {
            requireNotNegative(value, item, site, "shifts");
        }
        return value >> bits;
    }

    /** {@code value >>> bits}, of which the low {@code used} bits are used. */
    public static long ushr(long value, int bits, int used, WorkItem item, int site) {
        int kept = Long.SIZE - (bits & Long.SIZE - 1);
        if (used > kept) {
            requireNotNegative(value, item, site, "shifts");
        }
        return value >>> bits;
    }

    /** {@code value / divisor}, where the divisor is a constant. */
    public static int div(int value, int divisor, WorkItem item, int site) {
        requireShiftable(value, divisor, item, site);
        return value / divisor;
    }

    /** {@code value % divisor}, where the divisor is a constant. */
    public static int rem(int value, int divisor, WorkItem item, int site) {
        requireShiftable(value, divisor, item, site);
        return value % divisor;
    }

    private static void requireShiftable(int value, int divisor, WorkItem item, int site) {
        if (divisor > 1 && Integer.bitCount(divisor) == 1) {
            requireNotNegative(value, item, site, "divides by a power of two");
        }
    }

    private static void requireNotNegative(long value, WorkItem item, int site, String does) {
        if (value < 0) {
            throw item.checker()
                    .fault(Kind.REJECTED, site, does + " " + value
                            + ", but for negative values OpenCL, CUDA and PTX shift differently: shift and divide"
                            + " non-negative values, or mask or cast away the bits that the shift brings in");
        }
    }
}
