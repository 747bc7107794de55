package dev.kvasir.runner.option;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The KV cache of one sequence: its policy and its settings. */
public final class KvFlags {
    @Option(names = "--kv", paramLabel = "NAME", description = "policy of the KV cache: full, streaming-llm, arkvale, …; `policies` lists them", defaultValue = "full")
    private String name = "full";

    @Mixin
    private CacheFlags cache = new CacheFlags();

    /**
     * The options of the cache.
     *
     * @throws IllegalArgumentException for values that make no sense, alone or together
     */
    public CacheOptions options() {
        CachePolicy policy = CacheFlags.policy(name);
        if (cache.hasBudget() && !policy.isBudgeted()) {
            throw new IllegalArgumentException(
                    "--kv %s keeps everything and takes no --budget: drop it, or choose --kv arkvale".formatted(name));
        }
        return cache.builder(policy).build();
    }
}
