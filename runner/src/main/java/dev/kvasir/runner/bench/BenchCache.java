package dev.kvasir.runner.bench;

/**
 * The cache of a row.
 *
 * @param kv the policy's name
 * @param budget the budget as given; {@code -} if the policy keeps everything
 * @param pageSize tokens in a page
 * @param kvType how keys and values are stored
 * @param prefetch whether pages are prefetched
 */
public record BenchCache(String kv, String budget, int pageSize, String kvType, boolean prefetch) {}
