package dev.kvasir.model.transformer;

import dev.kvasir.model.config.RopeConfig;
import dev.kvasir.model.config.RopeScaling;

/**
 * Angles of rotary position embedding: for pair {@code i}, {@code cos} and {@code sin} of {@code position * f_i}, times
 * one magnitude (1 except for YaRN).
 */
public final class Rope {
    private final double[] frequencies; // [rotaryDim / 2]
    private final double magnitude;

    /**
     * The angles of a model.
     *
     * @param factors {@code [rotaryDim / 2]}, divides the frequencies; empty for none
     */
    public Rope(RopeConfig config, float[] factors) {
        int pairs = config.dim() / 2;
        frequencies = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            double frequency = Math.pow(config.base(), -2.0 * i / config.dim());
            if (factors.length > 0) {
                frequency /= factors[i];
            }
            frequencies[i] = switch (config.scaling()) {
                case RopeScaling.None() -> frequency;
                case RopeScaling.Linear(float factor) -> frequency / factor;
                case RopeScaling.Yarn yarn -> {
                    double kept = yarn.extrapolation() * share(yarn, config, i);
                    yield frequency * kept + frequency / yarn.factor() * (1 - kept);
                }
            };
        }
        magnitude = magnitude(config.scaling());
    }

    /** The number of pairs of a head that turn. */
    public int pairs() {
        return frequencies.length;
    }

    /** Writes the cosines and sines of one position to {@code cos[offset..]} and {@code sin[offset..]}. */
    public void angles(int position, float[] cos, float[] sin, int offset) {
        for (int i = 0; i < frequencies.length; i++) {
            double angle = position * frequencies[i];
            cos[offset + i] = (float) (Math.cos(angle) * magnitude);
            sin[offset + i] = (float) (Math.sin(angle) * magnitude);
        }
    }

    /** The share of its own frequency that pair {@code i} keeps: 1 for fast pairs, 0 for slow pairs, a ramp between. */
    private static double share(RopeScaling.Yarn yarn, RopeConfig config, int i) {
        double low = Math.max(0, Math.floor(pairThatTurns(yarn.betaFast(), yarn, config)));
        double high = Math.min(config.dim() - 1, Math.ceil(pairThatTurns(yarn.betaSlow(), yarn, config)));
        double ramp = (i - low) / Math.max(0.001, high - low);
        return 1 - Math.clamp(ramp, 0.0, 1.0);
    }

    /** The index, as a real number, of the pair that makes {@code turns} full turns over the original context. */
    private static double pairThatTurns(float turns, RopeScaling.Yarn yarn, RopeConfig config) {
        return config.dim() * Math.log(yarn.originalContext() / (turns * 2 * Math.PI)) / (2 * Math.log(config.base()));
    }

    /** YaRN's temperature of attention, section 3.4: {@code 0.1 ln(factor) + 1}, on queries and keys alike. */
    private static double magnitude(RopeScaling scaling) {
        if (!(scaling instanceof RopeScaling.Yarn yarn)) {
            return 1;
        }
        return yarn.attentionFactor() * (yarn.extrapolation() == 0 ? 1 : 1 + 0.1 * Math.log(yarn.factor()));
    }
}
