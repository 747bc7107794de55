package dev.kvasir.report.chart;

/**
 * An axis with numbers, or the colours of a heat map.
 *
 * @param label the quantity: "prompt length"
 * @param unit  its unit: "tokens", "ms"; empty if it has none
 * @param scale how values map to positions
 * @param min   start of the axis; NaN takes it from the values
 * @param max   end of the axis; NaN takes it from the values
 */
public record Axis(String label, String unit, Scale scale, double min, double max) {
    /** How values map to positions, and their number format. */
    public enum Scale {
        /** Equal steps. */
        LINEAR,
        /** Equal factors: powers of two or of ten, as the values suggest. Values must be above zero. */
        LOG,
        /** Shares from 0 to 1, written as percentages. */
        SHARE
    }

    /** A linear axis from the smallest value to the largest. */
    public static Axis of(String label, String unit) {
        return new Axis(label, unit, Scale.LINEAR, Double.NaN, Double.NaN);
    }

    /** A linear axis from zero, as bars need it. */
    public static Axis fromZero(String label, String unit) {
        return new Axis(label, unit, Scale.LINEAR, 0, Double.NaN);
    }

    /** A logarithmic axis: lengths, budgets, batch sizes. */
    public static Axis log(String label, String unit) {
        return new Axis(label, unit, Scale.LOG, Double.NaN, Double.NaN);
    }

    /** Shares from 0 to 1, written 0 % to 100 %. */
    public static Axis share(String label) {
        return new Axis(label, "%", Scale.SHARE, 0, 1);
    }

    /** This axis from {@code newMin} to {@code newMax}; values outside are cut off. */
    public Axis within(double newMin, double newMax) {
        return new Axis(label, unit, scale, newMin, newMax);
    }

    /** The label with its unit, as drawn beside the axis: "prompt length (tokens)". */
    public String text() {
        return unit.isEmpty() ? label : label + " (" + unit + ")";
    }
}
