package dev.kvasir.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as users write it: {@code 2g}, {@code 512m}, {@code 1.5GiB}, {@code 4096}. Units are powers of 1024. */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?) *([kmgt]?)(?:i?b)?");

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if the text is not a size
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size; write it like 2g, 512m, 64k or 1048576");
        }
        int power = "kmgt".indexOf(matcher.group(2)) + 1;
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1024, matcher.group(2).isEmpty() ? 0 : power);
        if (bytes < 1 || bytes > 0x1p60) {
            throw new IllegalArgumentException("'" + text + "' is not from 1 byte to 1024 petabytes");
        }
        return new ByteSize((long) bytes);
    }

    /** The size in the largest unit that gives at least 1: {@code 1.5 GiB}. */
    public static String readable(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, 4);
        double value = bytes / Math.pow(1024, power);
        return String.format(Locale.ROOT, value < 100 ? "%.2f %siB" : "%.0f %siB", value, "KMGT".charAt(power - 1));
    }

    @Override
    public String toString() {
        return readable(bytes);
    }
}
