package dev.kvasir.lab.statistics;

import dev.kvasir.report.chart.Estimate;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * Measured values with an interval that contains the true value at 95 % confidence. Fewer than {@value #FEWEST}
 * measurements have no interval, because a bootstrap of so few does not reach that confidence; their number is said
 * instead.
 */
public final class Intervals {
    /** Confidence of all intervals. */
    public static final double CONFIDENCE = 0.95;

    /** The smallest number of measurements with an interval. */
    public static final int FEWEST = 5;

    private static final int RESAMPLES = 2000;
    private static final long SEED = 0x6b76_6173_6972L; // equal numbers get equal intervals in every run

    private Intervals() {}

    /**
     * The mean of measurements with a percentile bootstrap interval: means of 2000 samples drawn with replacement, 2.5 %
     * cut off at either end.
     */
    public static Estimate mean(double... measured) {
        int n = measured.length;
        if (n == 0) {
            return Estimate.MISSING;
        }
        double mean = StatUtils.mean(measured);
        if (n < FEWEST) {
            return Estimate.of(mean, n);
        }
        RandomGenerator random = new Well19937c(SEED);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += measured[random.nextInt(n)];
            }
            means[i] = sum / n;
        }
        Arrays.sort(means);
        Percentile percentile = new Percentile();
        percentile.setData(means);
        double tail = 100 * (1 - CONFIDENCE) / 2;
        return new Estimate(mean, percentile.evaluate(tail), percentile.evaluate(100 - tail), n);
    }

    /** The share {@code right / count} with Wilson's score interval. */
    public static Estimate share(int right, int count) {
        if (count == 0) {
            return Estimate.MISSING;
        }
        double share = (double) right / count;
        if (count < FEWEST) {
            return Estimate.of(share, count);
        }
        ConfidenceInterval interval = wilson(right, count);
        return new Estimate(share, Math.max(0, interval.getLowerBound()), Math.min(1, interval.getUpperBound()), count);
    }

    /**
     * The difference of two shares of right answers to the same questions, first minus second, with Newcombe's interval:
     * Wilson's intervals of both shares, joined by their correlation (Statistics in Medicine 17, 1998, page 2635, method
     * 10).
     *
     * @param both number of questions that both answer right
     * @param first number that only the first does
     * @param second number that only the second does
     * @param neither number that neither does
     */
    public static Estimate shareDifference(int both, int first, int second, int neither) {
        int n = both + first + second + neither;
        if (n == 0) {
            return Estimate.MISSING;
        }
        double difference = (double) (first - second) / n;
        if (n < FEWEST) {
            return Estimate.of(difference, n);
        }
        ConfidenceInterval one = wilson(both + first, n);
        ConfidenceInterval other = wilson(both + second, n);
        double a = (double) (both + first) / n;
        double b = (double) (both + second) / n;
        double phi = correlation(both, first, second, neither);
        double below = joined(a - one.getLowerBound(), other.getUpperBound() - b, phi);
        double above = joined(one.getUpperBound() - a, b - other.getLowerBound(), phi);
        return new Estimate(difference, Math.max(-1, difference - below), Math.min(1, difference + above), n);
    }

    private static ConfidenceInterval wilson(int right, int count) {
        return new WilsonScoreInterval().createInterval(count, right, CONFIDENCE);
    }

    private static double joined(double one, double other, double phi) {
        return Math.sqrt(Math.max(0, one * one - 2 * phi * one * other + other * other));
    }

    /** The correlation of right answers; one above 0 is lowered by a correction for continuity. */
    private static double correlation(int both, int first, int second, int neither) {
        double margins = (double) (both + first) * (second + neither) * (both + second) * (first + neither);
        double product = (double) both * neither - (double) first * second;
        double corrected = product > 0 ? Math.max(0, product - (both + first + second + neither) / 2.0) : product;
        return margins == 0 ? 0 : corrected / Math.sqrt(margins);
    }

    /** A share in percent: {@code 95 % (76–99)}, {@code 50 % (n = 2)}; empty if it is missing. */
    public static String percent(Estimate share) {
        return text(new Estimate(100 * share.value(), 100 * share.low(), 100 * share.high(),
                share.count()), "%.0f", " %");
    }

    /**
     * A value with {@code digits} decimal places: {@code 27.31 (26.90–27.70)}, {@code -0.5 (-1.2 to 0.3)}; empty if it
     * is missing.
     */
    public static String rounded(Estimate estimate, int digits) {
        return text(estimate, "%." + digits + "f", "");
    }

    private static String text(Estimate estimate, String number, String unit) {
        if (Double.isNaN(estimate.value())) {
            return "";
        }
        String value = String.format(Locale.ROOT, number, estimate.value()) + unit;
        if (!estimate.hasInterval() && estimate.count() > 0) {
            return "%s (n = %d)".formatted(value, estimate.count());
        }
        return estimate.hasInterval()
                ? value + String.format(Locale.ROOT, " (" + number + (estimate.low() < 0 ? " to " : "–") + number + ")",
                        estimate.low(), estimate.high())
                : value;
    }
}
