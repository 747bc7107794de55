package dev.kvasir.runner.option;

import dev.kvasir.kvcache.CacheOptions;
import picocli.CommandLine.Option;

/** Which policy keeps the KV cache. */
public final class PolicyFlag {
    @Option(names = "--kv", paramLabel = "NAME", description = "policy of the KV cache: full, streaming-llm, arkvale, …; see `policies`", defaultValue = CacheFlags.FULL)
    private String policy = CacheFlags.FULL;

    /**
     * The options of the cache.
     *
     * @throws IllegalArgumentException for values that make no sense, alone or together
     */
    public CacheOptions options(CacheFlags flags) {
        if (policy.equals(CacheFlags.FULL) && flags.hasBudget()) {
            throw new IllegalArgumentException(
                    "--kv full keeps everything and takes no --budget: drop it, or choose --kv arkvale");
        }
        return flags.options(policy);
    }
}
