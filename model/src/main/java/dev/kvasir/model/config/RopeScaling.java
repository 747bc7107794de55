package dev.kvasir.model.config;

/** How the angles of rotary positions are scaled for contexts longer than in a model's first training. */
public sealed interface RopeScaling {

    /** Angles are unchanged. Llama 3 uses this too, because its scaling is in the tensor {@code rope_freqs.weight}. */
    record None() implements RopeScaling {}

    /** All angles are divided by {@code factor} (Chen et al., Positional Interpolation, 2023). */
    record Linear(float factor) implements RopeScaling {}

    /**
     * Fast dimensions are unchanged, slow ones are divided by {@code factor}, with a ramp between (Peng et al., YaRN,
     * 2023).
     *
     * @param originalContext tokens of context of the first training
     * @param attentionFactor a further factor on cosines and sines
     * @param extrapolation 1 for the ramp as in the paper, 0 for plain interpolation
     * @param betaFast a dimension with at least this many turns over the original context is unchanged
     * @param betaSlow a dimension with fewer turns over the original context is fully interpolated
     */
    record Yarn(float factor, int originalContext, float attentionFactor, float extrapolation, float betaFast,
            float betaSlow) implements RopeScaling {}
}
