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

/** Measured values with an interval that contains the true value at 95 % confidence. */
public final class Intervals {
    /** Confidence of all intervals. */
    public static final double CONFIDENCE = 0.95;

    private static final int RESAMPLES = 2000;
    private static final long SEED = 0x6b76_6173_6972L; // equal numbers get equal intervals in every run

    private Intervals() {}

    /**
     * The mean of measurements with a percentile bootstrap interval: means of 2000 samples drawn with replacement, 2.5 %
     * cut off at either end. One measurement has no interval.
     */
    public static Estimate mean(double... measured) {
        int n = measured.length;
        if (n == 0) {
            return Estimate.MISSING;
        }
        double mean = StatUtils.mean(measured);
        if (n == 1) {
            return Estimate.of(mean);
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
        return new Estimate(mean, percentile.evaluate(tail), percentile.evaluate(100 - tail));
    }

    /** The share {@code right / count} with Wilson's score interval. */
    public static Estimate share(int right, int count) {
        if (count == 0) {
            return Estimate.MISSING;
        }
        ConfidenceInterval interval = new WilsonScoreInterval().createInterval(count, right, CONFIDENCE);
        return new Estimate((double) right / count, Math.max(0, interval.getLowerBound()),
                Math.min(1, interval.getUpperBound()));
    }

    /** A share in percent: {@code 95 % (76–99)}; empty if it is missing. */
    public static String percent(Estimate share) {
        return text(new Estimate(100 * share.value(), 100 * share.low(), 100 * share.high()), "%.0f", " %");
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
        return estimate.hasInterval()
                ? value + String.format(Locale.ROOT, " (" + number + (estimate.low() < 0 ? " to " : "–") + number + ")",
                        estimate.low(), estimate.high())
                : value;
    }
}
