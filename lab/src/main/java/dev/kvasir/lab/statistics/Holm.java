package dev.kvasir.lab.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction for many comparisons: under it, the probability of any false difference in a table stays below the
 * level. The smallest of m probabilities is multiplied by m, the next by m - 1, and so on.
 */
public final class Holm {
    private Holm() {}

    /** The corrected probabilities in the order of the given ones; none is above 1. */
    public static double[] corrected(double... p) {
        List<Integer> order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .toList();
        double[] corrected = new double[p.length];
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            largest = Math.max(largest, Math.min(1, p[order.get(i)] * (p.length - i)));
            corrected[order.get(i)] = largest;
        }
        return corrected;
    }
}
