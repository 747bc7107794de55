package dev.kvasir.kvcache.plan;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.disk.DiskSpace;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.Presets;
import dev.kvasir.kvcache.policy.page.FullPolicy;
import java.util.Map;
import java.util.Optional;

/**
 * How a KV cache is kept: its policy, its budget and the settings they share.
 *
 * @param policy the policy, with these options; of pages or of single tokens
 * @param budget what may stay in frames, per layer, sequence and selection group
 * @param pageSize tokens a page, a power of two from 4 to 128
 * @param sinkPages first pages, never evicted
 * @param windowPages newest pages, the one being filled included, never evicted; at least 2 under
 *            a policy that evicts
 * @param denseLayers first layers that are never evicted from
 * @param topkTokens C of {@code k = min(C, c/2) / pageSize}: the most tokens selected a step
 * @param digest the bounding volume that estimates the importance of a page
 * @param groups selection groups a layer
 * @param aggregation how the query heads of a group become one importance
 * @param turnover which page leaves when a new one opens
 * @param attend which pages a decoded token attends to
 * @param prefetch whether recalls for a layer start early, by the query of the layer before
 * @param prefillQueries last queries of a text whose mean ranks the pages; at least 1
 * @param extend how a text is read into a sequence that holds tokens
 * @param prefillBudget tokens that a managed layer may hold in frames while it reads a text, beyond which pages leave and
 *            come back part by part; 0 for as many as there are
 * @param kvType how keys, values and digests are stored
 * @param backupType how backups are stored
 * @param deviceMemory bytes for frames, digests included; 0 for as much as the context needs
 * @param hostMemory bytes for backups; 0 for as much as the context needs
 * @param disk where backups go that host memory has no room for; empty for nowhere
 * @param prefixCache bytes of backups that stay when the sequences that made them are closed, so that a text that begins
 *            alike starts with them; 0 for none
 * @param policyOptions the policy's own options by name
 */
public record CacheOptions(CachePolicy policy, Budget budget, int pageSize, int sinkPages, int windowPages,
        int denseLayers,
        int topkTokens, DigestKind digest, Groups groups, HeadAggregation aggregation, Turnover turnover,
        Attend attend, boolean prefetch, int prefillQueries, Extend extend, int prefillBudget, KvType kvType,
        BackupType backupType,
        long deviceMemory, long hostMemory, Optional<DiskSpace> disk, long prefixCache,
        Map<String, String> policyOptions) {

    /** Everything kept, in pages of 32 tokens: policy {@code full}. */
    public static final CacheOptions FULL = builder().build();

    private static final int MOST_PAGES = 1 << 24;

    public CacheOptions {
        if (pageSize < 4 || pageSize > 128 || Integer.bitCount(pageSize) != 1) {
            throw new IllegalArgumentException(
                    "page size %d is no power of two from 4 to 128: set CacheOptions.pageSize to 16 or 32"
                            .formatted(pageSize));
        }
        check(sinkPages >= 0, "%d sink pages: set CacheOptions.sinkPages to 0 or more", sinkPages);
        check(windowPages >= 1,
                "%d window pages: the page being filled must stay, set CacheOptions.windowPages to 2 or more",
                windowPages);
        check(Math.max(sinkPages, windowPages) <= MOST_PAGES,
                "%d sink or window pages are more than any sequence has: lower CacheOptions.sinkPages or CacheOptions.windowPages",
                Math.max(sinkPages, windowPages));
        check(denseLayers >= 0, "%d dense layers: set CacheOptions.denseLayers to 0 or more", denseLayers);
        check(prefillQueries >= 1, "%d prefill queries: set CacheOptions.prefillQueries to 1 or more", prefillQueries);
        if (topkTokens < pageSize) {
            throw new IllegalArgumentException(
                    "%d selected tokens a step are less than one page of %d: raise CacheOptions.topkTokens to %d or lower CacheOptions.pageSize"
                            .formatted(topkTokens, pageSize, pageSize));
        }
        check(prefillBudget >= 0, "a prefill budget of %d tokens: set CacheOptions.prefillBudget to 0 or more",
                prefillBudget);
        if (deviceMemory < 0 || hostMemory < 0 || prefixCache < 0) {
            throw new IllegalArgumentException(
                    "memory sizes %d, %d and %d must not be negative: 0 means as much as the context needs, and no prefix cache"
                            .formatted(deviceMemory, hostMemory, prefixCache));
        }
        if (prefixCache > 0 && backupType != BackupType.PAGE) {
            throw new IllegalArgumentException(
                    "texts that begin alike share pages as they were read, and backups of type %s are not: set CacheOptions.backupType to page or CacheOptions.prefixCache to 0"
                            .formatted(backupType));
        }
        policyOptions = Map.copyOf(policyOptions);
        policy = policy.with(new PolicySettings(pageSize, sinkPages, windowPages, topkTokens, turnover,
                OptionReader.of(policy.card(), policyOptions)));
    }

    private static void check(boolean holds, String message, int number) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(number));
        }
    }

    /** The options that the policy reads. */
    public PolicySettings settings() {
        return new PolicySettings(pageSize, sinkPages, windowPages, topkTokens, turnover,
                new OptionReader(policy.name(), policyOptions));
    }

    /** A builder that holds the defaults: policy {@code full}. */
    public static Builder builder() {
        return under(new FullPolicy());
    }

    /** A builder that holds a policy and the defaults under it: the usual ones, but for its {@link CachePolicy#presets}. */
    public static Builder under(CachePolicy policy) {
        var presets = policy.presets();
        return new Builder(policy).sinkPages(presets.sinkPages())
                .windowPages(presets.windowPages())
                .digest(presets.digest())
                .groups(presets.groups())
                .attend(presets.attend());
    }

    /** Pages of so many tokens. */
    public int pages(int tokens) {
        return Math.ceilDiv(tokens, pageSize);
    }

    /** The layers of a model that are never evicted from. */
    public int denseLayers(CacheShape shape) {
        return Math.min(denseLayers, shape.layers());
    }

    /** A builder that holds these options. */
    public Builder toBuilder() {
        return new Builder(policy).budget(budget)
                .pageSize(pageSize)
                .sinkPages(sinkPages)
                .windowPages(windowPages)
                .denseLayers(denseLayers)
                .topkTokens(topkTokens)
                .digest(digest)
                .groups(groups)
                .aggregation(aggregation)
                .turnover(turnover)
                .attend(attend)
                .prefetch(prefetch)
                .prefillQueries(prefillQueries)
                .extend(extend)
                .prefillBudget(prefillBudget)
                .kvType(kvType)
                .backupType(backupType)
                .deviceMemory(deviceMemory)
                .hostMemory(hostMemory)
                .disk(disk)
                .prefixCache(prefixCache)
                .policyOptions(policyOptions);
    }

    /** The options one by one; what is not set keeps its default. */
    public static final class Builder {
        private CachePolicy policy;
        private Budget budget = Budget.UNLIMITED;
        private int pageSize = 32;
        private int sinkPages = Presets.USUAL.sinkPages();
        private int windowPages = Presets.USUAL.windowPages();
        private int denseLayers = 2;
        private int topkTokens = 1280;
        private DigestKind digest = Presets.USUAL.digest();
        private Groups groups = Presets.USUAL.groups();
        private HeadAggregation aggregation = HeadAggregation.MEAN;
        private Turnover turnover = Turnover.FIFO;
        private Attend attend = Presets.USUAL.attend();
        private boolean prefetch;
        private int prefillQueries = 1;
        private Extend extend = Extend.EXACT;
        private int prefillBudget;
        private KvType kvType = KvType.F16;
        private BackupType backupType = BackupType.PAGE;
        private long deviceMemory;
        private long hostMemory;
        private Optional<DiskSpace> disk = Optional.empty();
        private long prefixCache;
        private Map<String, String> policyOptions = Map.of();

        private Builder(CachePolicy policy) {
            this.policy = policy;
        }

        /** Sets {@link CacheOptions#policy}, and leaves all other options as they are. */
        public Builder policy(CachePolicy policy) {
            this.policy = policy;
            return this;
        }

        /** Sets {@link CacheOptions#budget}. */
        public Builder budget(Budget budget) {
            this.budget = budget;
            return this;
        }

        /** Sets {@link CacheOptions#pageSize}. */
        public Builder pageSize(int pageSize) {
            this.pageSize = pageSize;
            return this;
        }

        /** Sets {@link CacheOptions#sinkPages}. */
        public Builder sinkPages(int sinkPages) {
            this.sinkPages = sinkPages;
            return this;
        }

        /** Sets {@link CacheOptions#windowPages}. */
        public Builder windowPages(int windowPages) {
            this.windowPages = windowPages;
            return this;
        }

        /** Sets {@link CacheOptions#denseLayers}. */
        public Builder denseLayers(int denseLayers) {
            this.denseLayers = denseLayers;
            return this;
        }

        /** Sets {@link CacheOptions#topkTokens}. */
        public Builder topkTokens(int topkTokens) {
            this.topkTokens = topkTokens;
            return this;
        }

        /** Sets {@link CacheOptions#digest}. */
        public Builder digest(DigestKind digest) {
            this.digest = digest;
            return this;
        }

        /** Sets {@link CacheOptions#groups}. */
        public Builder groups(Groups groups) {
            this.groups = groups;
            return this;
        }

        /** Sets {@link CacheOptions#aggregation}. */
        public Builder aggregation(HeadAggregation aggregation) {
            this.aggregation = aggregation;
            return this;
        }

        /** Sets {@link CacheOptions#turnover}. */
        public Builder turnover(Turnover turnover) {
            this.turnover = turnover;
            return this;
        }

        /** Sets {@link CacheOptions#attend}. */
        public Builder attend(Attend attend) {
            this.attend = attend;
            return this;
        }

        /** Sets {@link CacheOptions#prefetch}. */
        public Builder prefetch(boolean prefetch) {
            this.prefetch = prefetch;
            return this;
        }

        /** Sets {@link CacheOptions#prefillQueries}. */
        public Builder prefillQueries(int prefillQueries) {
            this.prefillQueries = prefillQueries;
            return this;
        }

        /** Sets {@link CacheOptions#extend}. */
        public Builder extend(Extend extend) {
            this.extend = extend;
            return this;
        }

        /** Sets {@link CacheOptions#prefillBudget}. */
        public Builder prefillBudget(int prefillBudget) {
            this.prefillBudget = prefillBudget;
            return this;
        }

        /** Sets {@link CacheOptions#kvType}. */
        public Builder kvType(KvType kvType) {
            this.kvType = kvType;
            return this;
        }

        /** Sets {@link CacheOptions#backupType}. */
        public Builder backupType(BackupType backupType) {
            this.backupType = backupType;
            return this;
        }

        /** Sets {@link CacheOptions#deviceMemory}. */
        public Builder deviceMemory(long deviceMemory) {
            this.deviceMemory = deviceMemory;
            return this;
        }

        /** Sets {@link CacheOptions#hostMemory}. */
        public Builder hostMemory(long hostMemory) {
            this.hostMemory = hostMemory;
            return this;
        }

        /** Sets {@link CacheOptions#disk}. */
        public Builder disk(Optional<DiskSpace> disk) {
            this.disk = disk;
            return this;
        }

        /** Sets {@link CacheOptions#prefixCache}. */
        public Builder prefixCache(long prefixCache) {
            this.prefixCache = prefixCache;
            return this;
        }

        /** Sets {@link CacheOptions#policyOptions}. */
        public Builder policyOptions(Map<String, String> policyOptions) {
            this.policyOptions = policyOptions;
            return this;
        }

        /**
         * The options set so far.
         *
         * @throws IllegalArgumentException if one makes no sense: the message says which to change
         */
        public CacheOptions build() {
            return new CacheOptions(policy, budget, pageSize, sinkPages, windowPages, denseLayers, topkTokens, digest,
                    groups, aggregation, turnover, attend, prefetch, prefillQueries, extend, prefillBudget, kvType,
                    backupType,
                    deviceMemory, hostMemory, disk, prefixCache, policyOptions);
        }
    }
}
