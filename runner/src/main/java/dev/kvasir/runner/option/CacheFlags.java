package dev.kvasir.runner.option;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.report.ByteSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the KV cache is kept, but for the policy: see {@link PolicyFlag}. */
public final class CacheFlags {
    private static final Budget DEFAULT_BUDGET = Budget.tokens(2048);

    @Option(names = "--budget", paramLabel = "SIZE", description = "what may stay on the device, per layer and sequence: 2048 tokens, 64p pages or 25%% of the context (default: 2048; --kv full keeps everything)")
    private @Nullable Budget budget;

    @Option(names = "--page-size", paramLabel = "TOKENS", description = "tokens in a page, a power of two from 4 to 128", defaultValue = "32")
    private int pageSize = 32;

    @Option(names = "--sink", paramLabel = "PAGES", description = "first pages, never evicted (default: 2, if the policy does not say otherwise)")
    private @Nullable Integer sink;

    @Option(names = "--window", paramLabel = "PAGES", description = "newest pages, never evicted (default: 2, if the policy does not say otherwise)")
    private @Nullable Integer window;

    @Option(names = "--dense-layers", paramLabel = "N", description = "first layers that keep everything", defaultValue = "2")
    private int denseLayers;

    @Option(names = "--topk-tokens", paramLabel = "TOKENS", description = "at most so many tokens are selected a step (the paper's C)", defaultValue = "1280")
    private int topkTokens;

    @Option(names = "--digest", paramLabel = "NAME", description = "what pages are judged by: centroid, sphere-max, sphere-center, sphere-mean, cuboid-max, cuboid-center, cuboid-mean or cuboid-corners, which finds far more of the important pages and takes more memory and time (default: cuboid-mean, if the policy does not say otherwise)")
    private @Nullable DigestKind digest;

    @Option(names = "--groups", paramLabel = "N", description = "choices of pages a layer: layer (one), kv-head (one each) or a number (default: layer, if the policy does not say otherwise)")
    private @Nullable Groups groups;

    @Option(names = "--aggregate", paramLabel = "HOW", description = "how the query heads of a group judge a page: mean or max", defaultValue = "mean")
    private HeadAggregation aggregation;

    @Option(names = "--turnover", paramLabel = "RULE", description = "which page leaves when a new one opens: fifo (the oldest of the window) or score (the least important)", defaultValue = "fifo")
    private Turnover turnover;

    @Option(names = "--attend", paramLabel = "PAGES", description = "what a decoded token attends to: resident pages, or only sink, window and winners (default: resident, if the policy does not say otherwise)")
    private @Nullable Attend attend;

    @Option(names = "--prefetch", description = "send early for the pages of the next layer that this layer's query would select; wrong guesses cost a copy, results depend on it under --attend resident")
    private boolean prefetch;

    @Option(names = "--prefill-queries", paramLabel = "N", description = "last queries of the prompt that judge its pages", defaultValue = "1")
    private int prefillQueries;

    @Option(names = "--kv-type", paramLabel = "TYPE", description = "how keys and values are stored: f32, f16 or bf16", defaultValue = "f16")
    private KvType kvType;

    @Option(names = "--device-memory", paramLabel = "BYTES", description = "memory for pages on the device, such as 2g or 512m (default: KVASIR_DEVICE_MEMORY, or as much as the context needs)", defaultValue = "${env:KVASIR_DEVICE_MEMORY}")
    private @Nullable ByteSize deviceMemory;

    @Option(names = "--host-memory", paramLabel = "BYTES", description = "memory for backups on the host (default: KVASIR_HOST_MEMORY, or as much as the context needs)", defaultValue = "${env:KVASIR_HOST_MEMORY}")
    private @Nullable ByteSize hostMemory;

    @Option(names = "--policy-opt", paramLabel = "KEY=VALUE", description = "an option of the policy, repeatable; `policies NAME` lists them")
    private Map<String, String> policyOptions = new LinkedHashMap<>();

    @Mixin
    private PolicyPathFlag policyPath;

    /** Whether a budget was given. */
    public boolean hasBudget() {
        return budget != null;
    }

    /**
     * The options under a policy; a policy that keeps everything is given no budget and no options of its own.
     *
     * @throws IllegalArgumentException for values that make no sense
     */
    public CacheOptions options(String policy) {
        CachePolicy named = PolicyFlag.named(policy);
        boolean isBudgeted = named.isBudgeted();
        Budget chosen = !isBudgeted ? Budget.UNLIMITED : budget == null ? DEFAULT_BUDGET : budget;
        CacheOptions.Builder options = named.presets(CacheOptions.builder());
        given(sink, options::sinkPages);
        given(window, options::windowPages);
        given(digest, options::digest);
        given(groups, options::groups);
        given(attend, options::attend);
        return options.policy(policy)
                .budget(chosen)
                .pageSize(pageSize)
                .denseLayers(denseLayers)
                .topkTokens(topkTokens)
                .aggregation(aggregation)
                .turnover(turnover)
                .prefetch(prefetch)
                .prefillQueries(prefillQueries)
                .kvType(kvType)
                .deviceMemory(deviceMemory == null ? 0 : deviceMemory.bytes())
                .hostMemory(hostMemory == null ? 0 : hostMemory.bytes())
                .policyOptions(isBudgeted ? policyOptions : Map.of())
                .build();
    }

    private static <T> void given(@Nullable T flag, Consumer<T> option) {
        if (flag != null) {
            option.accept(flag);
        }
    }
}
