package dev.kvasir.report.plot;

import dev.kvasir.report.chart.Axis;
import java.util.Arrays;
import java.util.Locale;

/**
 * The positions of values on an axis and the labels of its ticks. XChart draws linear axes only. So {@link #place} maps
 * values to positions, and {@link #label} maps a position back to the text of its value.
 *
 * @param form how values map to positions
 * @param low  the position at which the axis starts
 * @param high the position at which it ends
 * @param step the distance of ticks
 */
record Scale(Form form, double low, double high, double step) {
    /** How values map to positions. */
    enum Form {
        LINEAR,
        PERCENT,
        LOG2,
        LOG10
    }

    /**
     * The scale of an axis.
     *
     * @param values all values on it; values that are not finite are ignored
     * @param ticks  approximate number of ticks
     */
    static Scale of(Axis axis, double[] values, int ticks) {
        Form form = form(axis, values);
        double[] places = Arrays.stream(values)
                .map(value -> place(form, value))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double first = places.length == 0 ? 0 : places[0];
        double last = places.length == 0 ? 1 : places[places.length - 1];
        boolean integers = form == Form.LINEAR && Arrays.stream(values)
                .filter(Double::isFinite)
                .allMatch(value -> value == Math.rint(value));
        double room = first == last
                ? (form == Form.LINEAR ? Math.max(1, Math.abs(first) / 2) : 1)
                : (last - first) * 0.04;
        double low = place(form, axis.min());
        if (!Double.isFinite(low)) {
            boolean nearZero = form == Form.LINEAR && first >= 0 && first < 0.3 * last;
            low = nearZero ? 0 : first - room;
        }
        double high = place(form, axis.max());
        if (!Double.isFinite(high)) {
            high = last + room;
        }
        if (high <= low) {
            high = low + 1;
        }
        double step = niceStep((high - low) / ticks);
        if (integers || form == Form.LOG2 || form == Form.LOG10) {
            step = Math.max(1, step);
        }
        return new Scale(form, low, high, step);
    }

    private static Form form(Axis axis, double[] values) {
        return switch (axis.scale()) {
            case LINEAR -> Form.LINEAR;
            case SHARE -> Form.PERCENT;
            case LOG -> {
                double[] positive = Arrays.stream(values).filter(v -> v > 0 && Double.isFinite(v)).toArray();
                double least = Arrays.stream(positive).min().orElse(1);
                double most = Arrays.stream(positive).max().orElse(1);
                boolean powers = Arrays.stream(positive).allMatch(Scale::isPowerOfTwo);
                if (powers || most / least > 4 && most / least < 2000) {
                    yield Form.LOG2;
                }
                yield most / least >= 2000 ? Form.LOG10 : Form.LINEAR;
            }
        };
    }

    private static boolean isPowerOfTwo(double value) {
        return Math.scalb(1.0, Math.getExponent(value)) == value;
    }

    /** The smallest of 1, 2 or 5 times a power of ten that is at least {@code least}. */
    private static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (int factor : new int[]{1, 2, 5}) {
            if (factor * power >= least * 0.999) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** The position of a value; NaN if it has none. */
    double place(double value) {
        return place(form, value);
    }

    private static double place(Form form, double value) {
        double place = switch (form) {
            case LINEAR -> value;
            case PERCENT -> 100 * value;
            case LOG2 -> Math.log(value) / Math.log(2);
            case LOG10 -> Math.log10(value);
        };
        return Double.isFinite(place) ? place : Double.NaN;
    }

    /** Whether a position is on the axis. */
    boolean holds(double place) {
        return place >= low - 1e-9 && place <= high + 1e-9;
    }

    /** The label of a tick at a position. */
    String label(double place) {
        return switch (form) {
            case LINEAR, PERCENT -> number(place, step);
            case LOG2 -> isPlace(place) ? power(Math.scalb(1.0, (int) Math.rint(place))) : blank(place);
            case LOG10 -> isPlace(place) ? power(Math.pow(10, Math.rint(place))) : blank(place);
        };
    }

    private static boolean isPlace(double place) {
        return Math.abs(place - Math.rint(place)) < 1e-6;
    }

    /** XChart draws no ticks at all if the labels of both ends are equal. */
    private String blank(double place) {
        return place < (low + high) / 2 ? " " : "  ";
    }

    private String power(double value) {
        boolean long2 = form == Form.LOG2 && high >= 14.5 && value >= 1024;
        if (long2) {
            return String.format(Locale.ROOT, "%.0fk", value / 1024);
        }
        if (value >= 1) {
            return value < 1e6 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.0e", value);
        }
        return Double.toString(value);
    }

    private static String number(double value, double step) {
        int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        double clean = Math.abs(value) < step * 1e-6 ? 0 : value;
        return String.format(Locale.ROOT, "%." + Math.min(6, digits) + "f", clean);
    }

    /** The hint that makes XChart choose this step for an axis of about {@code pixels} pixels. */
    int spacingHint(double pixels) {
        // The geometric middle of the range that XChart rounds to 1, 2, 5 or 10 times a power of ten.
        double power = Math.pow(10, Math.floor(Math.log10(step) + 1e-9));
        double factor = switch ((int) Math.rint(step / power)) {
            case 2 -> 2.3;
            case 5 -> 5.1;
            default -> 1.06;
        };
        // XChart draws no ticks on an axis that is shorter than the hint, and the number of pixels is only approximate.
        double share = Math.min(0.85, factor * power / (high - low));
        return Math.max(8, (int) Math.round(share * pixels));
    }
}
