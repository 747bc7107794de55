package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.option.Turnover;

/**
 * The options of a cache that a policy reads.
 *
 * @param pageSize tokens a page
 * @param sinkPages first pages, never evicted
 * @param windowPages newest pages, the one being filled included, never evicted
 * @param topkTokens C of {@code k = min(C, c/2) / pageSize}: the most tokens selected a step
 * @param turnover which page leaves when a new one opens
 * @param own the policy's own options
 */
public record PolicySettings(int pageSize, int sinkPages, int windowPages, int topkTokens, Turnover turnover,
        OptionReader own) {}
