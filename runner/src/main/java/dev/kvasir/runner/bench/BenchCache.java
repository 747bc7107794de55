package dev.kvasir.runner.bench;

/**
 * The cache of a row.
 *
 * @param kv the policy's name
 * @param budget the budget as given; {@code -} where the policy keeps everything
 * @param pageSize tokens in a page
 * @param kvType how keys and values are stored
 * @param prefetch whether pages are sent for early
 */
public record BenchCache(String kv, String budget, int pageSize, String kvType, boolean prefetch) {}
