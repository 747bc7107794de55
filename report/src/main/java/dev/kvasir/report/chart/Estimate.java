package dev.kvasir.report.chart;

/**
 * A measured value with its confidence interval.
 *
 * @param value the mean or share; NaN if it was not measured
 * @param low   lower end of the interval, NaN if there is none
 * @param high  upper end of the interval, NaN if there is none
 */
public record Estimate(double value, double low, double high) {
    /** A missing value in a chart. */
    public static final Estimate MISSING = new Estimate(Double.NaN, Double.NaN, Double.NaN);

    /** A value without an interval. */
    public static Estimate of(double value) {
        return new Estimate(value, Double.NaN, Double.NaN);
    }

    /** Whether both ends of the interval are known. */
    public boolean hasInterval() {
        return Double.isFinite(low) && Double.isFinite(high);
    }
}
