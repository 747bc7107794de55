package dev.kvasir.report.chart;

/**
 * A measured value with its confidence interval.
 *
 * @param value the mean or share; NaN if it was not measured
 * @param low   lower end of the interval, NaN if there is none
 * @param high  upper end of the interval, NaN if there is none
 * @param count number of measurements; 0 if unknown
 */
public record Estimate(double value, double low, double high, int count) {
    /** A missing value in a chart. */
    public static final Estimate MISSING = of(Double.NaN);

    /** A value with an interval of an unknown number of measurements. */
    public Estimate(double value, double low, double high) {
        this(value, low, high, 0);
    }

    /** A value without an interval. */
    public static Estimate of(double value) {
        return of(value, 0);
    }

    /** A value of {@code count} measurements without an interval. */
    public static Estimate of(double value, int count) {
        return new Estimate(value, Double.NaN, Double.NaN, count);
    }

    /** Whether both ends of the interval are known. */
    public boolean hasInterval() {
        return Double.isFinite(low) && Double.isFinite(high);
    }
}
