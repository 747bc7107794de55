package dev.kvasir.lab.task;

/** Arithmetic on logits {@code [vocabulary]}. */
final class Logits {
    private Logits() {}

    /** Logarithms of the probabilities. */
    static double[] logProbabilities(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        double log = max + Math.log(sum);
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = logits[i] - log;
        }
        return probabilities;
    }

    /** The Kullback-Leibler divergence {@code sum p (log p - log q)} of q from p, in nats. */
    static double divergence(double[] logP, double[] logQ) {
        double sum = 0;
        for (int i = 0; i < logP.length; i++) {
            sum += Math.exp(logP[i]) * (logP[i] - logQ[i]);
        }
        return Math.max(0, sum); // rounding may make it slightly negative
    }

    /** {@code |a - b| / |a|}. */
    static double relativeDistance(float[] a, float[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            double d = a[i] - b[i];
            difference += d * d;
            norm += (double) a[i] * a[i];
        }
        return Math.sqrt(difference / norm);
    }
}
