package dev.kvasir.runner.option;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.Nearest;
import picocli.CommandLine.Option;

/** Which policy keeps the KV cache. */
public final class PolicyFlag {
    @Option(names = "--kv", paramLabel = "NAME", description = "policy of the KV cache: full, streaming-llm, arkvale, …; see `policies`", defaultValue = "full")
    private String policy = "full";

    /**
     * The options of the cache.
     *
     * @throws IllegalArgumentException for values that make no sense, alone or together
     */
    public CacheOptions options(CacheFlags flags) {
        CacheOptions options = flags.options(policy);
        if (flags.hasBudget() && options.budget() instanceof Budget.Unlimited) {
            throw new IllegalArgumentException(
                    "--kv %s keeps everything and takes no --budget: drop it, or choose --kv arkvale"
                            .formatted(policy));
        }
        return options;
    }

    /**
     * The policy of that name.
     *
     * @throws IllegalArgumentException if there is none: the message offers the nearest
     */
    public static CachePolicy named(String name) {
        var names = Policies.all().stream().map(CachePolicy::name).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("there is no policy '%s', only %s%s".formatted(name,
                    String.join(", ", names), Nearest.hint(name, names)));
        }
        return Policies.named(name);
    }
}
