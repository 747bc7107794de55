package dev.kvasir.lab;

import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * Makes the options of a cell's cache from its policy and the options that all cells share (sinks, window, groups, …).
 */
@FunctionalInterface
public interface CacheChoice {

    /**
     * The options under a policy.
     *
     * @throws IllegalArgumentException if there is no such policy, or the options contradict each other
     */
    CacheOptions options(String policy);
}
