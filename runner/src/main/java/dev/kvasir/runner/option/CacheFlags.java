package dev.kvasir.runner.option;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.Nearest;
import dev.kvasir.report.ByteSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of the KV cache, under one policy or several. */
public final class CacheFlags {
    private static final Budget DEFAULT_BUDGET = Budget.tokens(2048);

    @Mixin
    private SizeFlags size = new SizeFlags();

    @Option(names = "--sink", paramLabel = "PAGES", description = "first pages, never evicted (default: 2, unless the policy has another)")
    private @Nullable Integer sink;

    @Option(names = "--window", paramLabel = "PAGES", description = "newest pages, never evicted (default: 2, unless the policy has another)")
    private @Nullable Integer window;

    @Option(names = "--dense-layers", paramLabel = "N", description = "number of first layers that keep everything", defaultValue = "2")
    private int denseLayers;

    @Option(names = "--topk-tokens", paramLabel = "TOKENS", description = "the most tokens selected a step (the paper's C)", defaultValue = "1280")
    private int topkTokens;

    @Option(names = "--digest", paramLabel = "NAME", description = "estimate of the importance of a page: centroid, sphere-max, sphere-center, sphere-mean, cuboid-max, cuboid-center, cuboid-mean or cuboid-corners, which finds far more of the important pages at more memory and time (default: cuboid-mean, unless the policy has another)")
    private @Nullable DigestKind digest;

    @Option(names = "--groups", paramLabel = "N", description = "choices of pages a layer: layer (one for all KV heads), kv-head (one for each) or a number (default: layer, unless the policy has another)")
    private @Nullable Groups groups;

    @Option(names = "--aggregate", paramLabel = "HOW", description = "how the estimates of a group's query heads are combined: mean or max", defaultValue = "mean")
    private HeadAggregation aggregation;

    @Option(names = "--turnover", paramLabel = "RULE", description = "which page leaves when a new one opens: fifo (the oldest of the window) or score (the least important)", defaultValue = "fifo")
    private Turnover turnover;

    @Option(names = "--attend", paramLabel = "PAGES", description = "pages that a decoded token attends to: resident (all on the device), or winners (only sinks, window and the step's winners) (default: resident, unless the policy has another)")
    private @Nullable Attend attend;

    @Option(names = "--prefetch", description = "start to copy the pages of the next layer early, those that this layer's query selects; a wrong guess costs a copy, and changes the result under --attend resident")
    private boolean prefetch;

    @Option(names = "--prefill-queries", paramLabel = "N", description = "last queries of the prompt that rank its pages", defaultValue = "1")
    private int prefillQueries;

    @Option(names = "--extend", paramLabel = "HOW", description = "how later text is read, such as the second turn of a chat: exact (in chunks that attend to everything before), select (in chunks that attend to pages on the device and those that their last queries select) or token (token by token)", defaultValue = "exact")
    private Extend extend;

    @Option(names = "--prefill-budget", paramLabel = "TOKENS", description = "tokens that a layer may hold while it reads text; pages beyond leave and come back part by part, with the same result (default: all)", defaultValue = "0", showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private int prefillBudget;

    @Option(names = "--kv-type", paramLabel = "TYPE", description = "how keys and values are stored: f32, f16 or bf16", defaultValue = "f16")
    private KvType kvType;

    @Option(names = "--backup-type", paramLabel = "TYPE", description = "how backups are stored: page (as the page is), q8_0 or q4_0 (rotated, in 8 or 4 bits, so that a recall moves about half or a quarter of the bytes of an f16 page)", defaultValue = "page")
    private BackupType backupType;

    @Option(names = "--device-memory", paramLabel = "BYTES", description = "memory for pages on the device, such as 2g or 512m (default: KVASIR_DEVICE_MEMORY, or as much as the context needs)", defaultValue = "${env:KVASIR_DEVICE_MEMORY}")
    private @Nullable ByteSize deviceMemory;

    @Option(names = "--host-memory", paramLabel = "BYTES", description = "memory for backups on the host (default: KVASIR_HOST_MEMORY, or as much as the context needs)", defaultValue = "${env:KVASIR_HOST_MEMORY}")
    private @Nullable ByteSize hostMemory;

    @Option(names = "--disk", paramLabel = "DIR[:BYTES]", description = "folder for the backups that --host-memory has no room for, and how much of it, such as /tmp:8g (default: KVASIR_DISK, or none; without BYTES nine tenths of the free space)", defaultValue = "${env:KVASIR_DISK}")
    private @Nullable DiskSpace disk;

    @Option(names = "--prefix-cache", paramLabel = "BYTES", description = "memory for the pages of texts that are no longer open, such as 256m: a text that begins alike starts with them (default: none)")
    private @Nullable ByteSize prefixCache;

    @Option(names = "--policy-opt", paramLabel = "KEY=VALUE", description = "an option of the policy, repeatable; `policies NAME` lists them")
    private Map<String, String> policyOptions = new LinkedHashMap<>();

    @Mixin
    private PolicyPathFlag policyPath;

    /** Whether a budget is given. */
    boolean hasBudget() {
        return size.budget().isPresent();
    }

    /** The policy's own options, as given. */
    public Map<String, String> policyOptions() {
        return policyOptions;
    }

    /**
     * The options under the policy of a name.
     *
     * @throws IllegalArgumentException if there is no such policy, or values make no sense
     */
    public CacheOptions options(String policy) {
        return builder(policy(policy)).build();
    }

    /** The options under a policy; one that keeps everything gets no budget and no options of its own. */
    public CacheOptions.Builder builder(CachePolicy policy) {
        CacheOptions.Builder options = CacheOptions.under(policy);
        given(sink, options::sinkPages);
        given(window, options::windowPages);
        given(digest, options::digest);
        given(groups, options::groups);
        given(attend, options::attend);
        return options.budget(policy.isBudgeted() ? size.budget().orElse(DEFAULT_BUDGET) : Budget.UNLIMITED)
                .pageSize(size.pageSize())
                .denseLayers(denseLayers)
                .topkTokens(topkTokens)
                .aggregation(aggregation)
                .turnover(turnover)
                .prefetch(prefetch)
                .prefillQueries(prefillQueries)
                .extend(extend)
                .prefillBudget(policy.isBudgeted() ? prefillBudget : 0)
                .kvType(kvType)
                .backupType(policy.isBudgeted() ? backupType : BackupType.PAGE)
                .deviceMemory(deviceMemory == null ? 0 : deviceMemory.bytes())
                .hostMemory(hostMemory == null ? 0 : hostMemory.bytes())
                .disk(Optional.ofNullable(disk))
                .prefixCache(prefixCache == null ? 0 : prefixCache.bytes())
                .policyOptions(policy.isBudgeted() ? policyOptions : Map.of());
    }

    /**
     * The policy of a name.
     *
     * @throws IllegalArgumentException if there is none: the message offers the nearest
     */
    public static CachePolicy policy(String name) {
        Map<String, CachePolicy> policies = Policies.byName();
        CachePolicy policy = policies.get(name);
        if (policy == null) {
            throw new IllegalArgumentException("there is no policy '%s', only %s%s".formatted(name,
                    String.join(", ", policies.keySet()), Nearest.hint(name, policies.keySet())));
        }
        return policy;
    }

    private static <T> void given(@Nullable T flag, Consumer<T> option) {
        if (flag != null) {
            option.accept(flag);
        }
    }
}
