package dev.kvasir.lab.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * Mann and Whitney's test: whether the numbers of one policy tend to be larger than those of another. It assumes
 * nothing about their distribution. Right and wrong answers are mostly ties. The variance is corrected for ties, which
 * Commons Math's own test does not do.
 *
 * <pre>
 * U = R1 - n1 (n1 + 1) / 2                                              R1: sum of the first's ranks
 * z = (|U - n1 n2 / 2| - 1/2) / sqrt(n1 n2 / 12 · ((n + 1) - sum(t³ - t) / (n (n - 1))))   t: sizes of the ties
 * </pre>
 *
 * @param u pairs in which the first is larger, ties counted half
 * @param p probability of a difference as large by chance, two-sided, by the normal approximation
 */
public record MannWhitney(double u, double p, int firstCount, int secondCount) {
    /** A difference with a higher probability counts as noise. */
    public static final double LEVEL = 0.05;

    /** The test of two lists of numbers. */
    public static MannWhitney of(double[] first, double[] second) {
        int n1 = first.length;
        int n2 = second.length;
        if (n1 == 0 || n2 == 0) {
            return new MannWhitney(Double.NaN, 1, n1, n2);
        }
        double[] both = Arrays.copyOf(first, n1 + n2);
        System.arraycopy(second, 0, both, n1, n2);
        double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).rank(both);
        double u = Arrays.stream(ranks, 0, n1).sum() - n1 * (n1 + 1) / 2.0;
        double n = n1 + n2;
        double variance = (double) n1 * n2 / 12 * (n + 1 - ties(both) / (n * (n - 1)));
        double distance = Math.max(0, Math.abs(u - n1 * n2 / 2.0) - 0.5);
        double p = variance <= 0
                ? 1
                : 2 * new NormalDistribution(0, 1).cumulativeProbability(-distance / Math.sqrt(variance));
        return new MannWhitney(u, Math.min(1, p), n1, n2);
    }

    /** Sum of t³ - t over the ties. */
    private static double ties(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double sum = 0;
        int start = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[start]) {
                double t = i - start;
                sum += t * t * t - t;
                start = i;
            }
        }
        return sum;
    }

    /** Whether the two differ beyond the noise. */
    public boolean isDifference() {
        return p < LEVEL;
    }

    /** The verdict on the first list if larger is better: {@code better}, {@code worse} or {@code no difference}. */
    public String verdict() {
        if (!isDifference()) {
            return "no difference";
        }
        return u > firstCount * secondCount / 2.0 ? "better" : "worse";
    }
}
