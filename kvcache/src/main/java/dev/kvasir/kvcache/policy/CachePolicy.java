package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.plan.CacheOptions;
import java.util.Map;

/**
 * Decides what stays in a KV cache: whole pages ({@link PagePolicy}) or single tokens ({@link TokenPolicy}). One small
 * class a method, found by {@link #name} in {@link Policies}.
 */
public sealed interface CachePolicy permits PagePolicy, TokenPolicy {

    /** The name users type. */
    String name();

    /** One line for the list of policies: what it keeps. */
    String summary();

    /** The paper: name, authors, venue and link; empty if there is none. */
    default String paper() {
        return "";
    }

    /** The rule as a formula, of one or more lines. */
    default String formula() {
        return "";
    }

    /** The policy's own options: name to meaning, with the default. */
    default Map<String, String> options() {
        return Map.of();
    }

    /**
     * This policy, set up.
     *
     * @throws IllegalArgumentException if one of its own options is wrong
     */
    CachePolicy with(CacheOptions options);

    /**
     * Sets those general options whose defaults are others under this policy; what the user gives goes before them.
     * {@link Policies#presets} asks for them.
     */
    default CacheOptions.Builder presets(CacheOptions.Builder defaults) {
        return defaults;
    }

    /** Whether it keeps to a budget; if not, everything stays and is attended to. */
    boolean isBudgeted();
}
