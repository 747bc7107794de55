package dev.kvasir.lab.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * Wilcoxon's signed rank test of paired differences: whether one policy tends to larger numbers than another on the same
 * texts. Differences of 0 are left out, and equal differences share the mean of their ranks. If all differences are -1, 0
 * or 1, as with right and wrong answers, it is McNemar's exact test. Commons Math's own test is exact only without zeros
 * and ties.
 *
 * <pre>
 * V = sum of the ranks of |d| with d &gt; 0
 * p = P(|V' - E| &gt;= |V - E|),   V' over all 2^n choices of signs, E = half the sum of the ranks
 * </pre>
 *
 * @param v sum of the ranks of the differences above 0
 * @param p probability of a sum as far from its expectation by chance, two-sided: exact up to {@link #EXACT} differences
 *            other than 0, then by the normal distribution
 * @param sign 1 if the sum is above its expectation, -1 if below, else 0
 */
public record SignedRank(double v, double p, int sign) {
    /** Two policies with a higher probability, corrected by {@link Holm}, do not differ significantly. */
    public static final double LEVEL = 0.05;

    /** The largest number of differences other than 0 for which the probability is exact. */
    static final int EXACT = 300;

    /** The test of differences, first minus second. */
    public static SignedRank of(double... differences) {
        double[] others = Arrays.stream(differences).filter(difference -> difference != 0).toArray();
        if (others.length == 0) {
            return new SignedRank(0, 1, 0);
        }
        double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE)
                .rank(Arrays.stream(others).map(Math::abs).toArray());
        double v = 0;
        for (int i = 0; i < others.length; i++) {
            v += others[i] > 0 ? ranks[i] : 0;
        }
        double expected = DoubleStream.of(ranks).sum() / 2;
        double distance = Math.abs(v - expected);
        double p = others.length <= EXACT ? exact(ranks, distance) : normal(ranks, distance);
        return new SignedRank(v, Math.min(1, p), (int) Math.signum(v - expected));
    }

    /** The smallest probability that {@code n} pairs can have, which is that of differences with equal signs. */
    public static double smallest(int n) {
        return Math.min(1, Math.scalb(2.0, -n));
    }

    /** The distribution of V over all signs, rank by rank. Twice a rank is a whole number. */
    private static double exact(double[] ranks, double distance) {
        int total = (int) Math.round(2 * DoubleStream.of(ranks).sum());
        double[] probability = new double[total + 1]; // of twice the sum
        probability[0] = 1;
        int highest = 0;
        for (double rank : ranks) {
            int twice = (int) Math.round(2 * rank);
            highest += twice;
            for (int sum = highest; sum >= 0; sum--) {
                probability[sum] = (probability[sum] + (sum >= twice ? probability[sum - twice] : 0)) / 2;
            }
        }
        double p = 0;
        for (int sum = 0; sum <= total; sum++) {
            p += Math.abs(sum - total / 2.0) >= 2 * distance ? probability[sum] : 0;
        }
        return p;
    }

    /** With correction for continuity; the variance of V is a quarter of the squared ranks. */
    private static double normal(double[] ranks, double distance) {
        double deviation = Math.sqrt(DoubleStream.of(ranks).map(rank -> rank * rank).sum()) / 2;
        return 2 * new NormalDistribution(0, 1).cumulativeProbability(-Math.max(0, distance - 0.5) / deviation);
    }
}
