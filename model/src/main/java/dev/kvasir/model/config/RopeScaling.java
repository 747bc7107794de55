package dev.kvasir.model.config;

/** How the angles of rotary positions are stretched for contexts longer than a model was first trained on. */
public sealed interface RopeScaling {

    /** Angles as they are; also for Llama 3, whose stretch lies in the tensor {@code rope_freqs.weight}. */
    record None() implements RopeScaling {}

    /** All angles divided by {@code factor} (Chen et al., Positional Interpolation, 2023). */
    record Linear(float factor) implements RopeScaling {}

    /**
     * Fast dimensions as they are, slow ones divided by {@code factor}, a ramp between (Peng et al., YaRN, 2023).
     *
     * @param originalContext tokens of context of the first training
     * @param attentionFactor a further factor on cosines and sines
     * @param extrapolation 1 for the ramp as in the paper, 0 for plain interpolation
     * @param betaFast turns over the original context from which a dimension is left alone
     * @param betaSlow turns over the original context below which a dimension is fully interpolated
     */
    record Yarn(float factor, int originalContext, float attentionFactor, float extrapolation, float betaFast,
            float betaSlow) implements RopeScaling {}
}
