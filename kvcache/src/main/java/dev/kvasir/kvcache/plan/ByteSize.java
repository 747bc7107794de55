package dev.kvasir.kvcache.plan;

import java.util.Locale;

/** Byte counts as people read them. */
public final class ByteSize {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private ByteSize() {}

    /** Three digits or so: {@code 1.50 GiB}. */
    public static String of(long bytes) {
        double number = bytes;
        int unit = 0;
        while (number >= 1024 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || number >= 100 ? "%.0f %s" : number >= 10 ? "%.1f %s" : "%.2f %s",
                number, UNITS[unit]);
    }
}
