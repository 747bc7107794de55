package dev.kvasir.lab;

import dev.kvasir.kvcache.plan.CacheOptions;

/** Makes the options of a cache from what all cells share (sinks, window, groups, …) and the policy of one. */
@FunctionalInterface
public interface CacheChoice {

    /**
     * The options under a policy.
     *
     * @throws IllegalArgumentException if there is no such policy, or the options make no sense
     */
    CacheOptions options(String policy);
}
