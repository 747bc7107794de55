package dev.kvasir.model.config;

/**
 * Rotary position embedding (Su et al., RoFormer, 2021): pair {@code i} of a head turns by
 * {@code position * base^(-2i / dim)}.
 *
 * @param dim elements of a head that turn; the others stay
 */
public record RopeConfig(RopePairing pairing, int dim, float base, RopeScaling scaling) {}
