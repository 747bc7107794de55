package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.CacheOptions;
import java.util.Map;

/**
 * Decides what stays in a KV cache: whole pages ({@link PagePolicy}) or single tokens ({@link TokenPolicy}). One small
 * class a method, found by {@link #name} in {@link Policies}.
 */
public sealed interface CachePolicy permits PagePolicy, TokenPolicy {

    /** The name users type. */
    String name();

    /** One line for the list of policies: what it keeps, and whence it comes. */
    String summary();

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

    /** Whether it keeps to a budget; if not, everything stays and is attended to. */
    boolean isBudgeted();
}
