package dev.kvasir.lab.study;

import java.util.List;

/** Series of numbers, one for each k, step or share. */
final class Series {
    private Series() {}

    /** The element-wise mean of series of equal length; empty if there are none. */
    static double[] mean(List<double[]> series) {
        if (series.isEmpty()) {
            return new double[0];
        }
        double[] mean = new double[series.getFirst().length];
        for (double[] one : series) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += one[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= series.size();
        }
        return mean;
    }
}
