package dev.kvasir.lab.compare;

import dev.kvasir.lab.Results;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.Estimate;
import java.util.Arrays;

/**
 * A number by which policies are compared.
 *
 * @param value its name in the results
 * @param axis its axis in charts
 * @param kind whether each measurement is yes or no
 * @param better which numbers are better
 * @param digits digits after the decimal point in tables
 */
public record Score(String value, Axis axis, Kind kind, Better better, int digits) {
    /** The kind of a single measurement. */
    public enum Kind {
        /** Right or wrong: a share with Wilson's interval. */
        YES_OR_NO,
        /**
         * A share from 0 to 1, printed in percent: a mean with a bootstrap interval, or with Wilson's if all are 0 or
         * 1.
         */
        SHARE,
        /** A number: a mean with a bootstrap interval. */
        NUMBER
    }

    /** Which numbers are better. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /** The share of right answers. */
    public static Score accuracy(String value, String label) {
        return new Score(value, Axis.share(label), Kind.YES_OR_NO, Better.HIGHER, 0);
    }

    /** The mean of some results with its interval. */
    public Estimate of(Results results) {
        return switch (kind) {
            case YES_OR_NO -> Intervals.share(results.count(value), results.size());
            case SHARE -> share(results.numbers(value));
            case NUMBER -> Intervals.mean(results.numbers(value));
        };
    }

    /**
     * If all are 0 or 1, the interval is Wilson's. The bootstrap interval of equal numbers has no width, even for very
     * few numbers.
     */
    private static Estimate share(double[] shares) {
        boolean isYesOrNo = Arrays.stream(shares).allMatch(share -> share == 0 || share == 1);
        return isYesOrNo ? Intervals.share((int) Arrays.stream(shares).sum(), shares.length) : Intervals.mean(shares);
    }

    /** The text of an estimate. */
    public String written(Estimate estimate) {
        return kind == Kind.NUMBER ? Intervals.rounded(estimate, digits) : Intervals.percent(estimate);
    }
}
