package dev.kvasir.kvcache.policy;

/**
 * Decides what stays in a KV cache: whole pages ({@link PagePolicy}) or single tokens ({@link TokenPolicy}). Each method
 * is one small class.
 */
public sealed interface CachePolicy permits PagePolicy, TokenPolicy {

    /** Its description. */
    PolicyCard card();

    /** The name users type. */
    default String name() {
        return card().name();
    }

    /**
     * This policy with the settings of a cache.
     *
     * @throws IllegalArgumentException if one of its own options is wrong
     */
    CachePolicy with(PolicySettings settings);

    /** The general options that a user has not given; most policies keep the usual ones. */
    default Presets presets() {
        return Presets.USUAL;
    }

    /** Whether it keeps to a budget; if not, everything stays and is attended to. */
    boolean isBudgeted();
}
