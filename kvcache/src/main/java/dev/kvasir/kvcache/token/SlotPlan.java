package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;

/** The options applied to a model's shape: everything that is known before memory is allocated. */
record SlotPlan(CacheShape shape, CacheOptions options, TokenPolicy policy, PageGeometry geometry) {

    /** @throws IllegalArgumentException if the options contradict each other, or their policy is none of tokens */
    static SlotPlan of(CacheShape shape, CacheOptions options) {
        if (!(options.policy() instanceof TokenPolicy policy)) {
            throw new IllegalArgumentException(
                    "policy %s keeps whole pages, which a cache of single tokens cannot: choose a token policy such as h2o"
                            .formatted(options.policy().name()));
        }
        return new SlotPlan(shape, options, policy,
                new PageGeometry(options.pageSize(), 1, shape.headDim(), options.kvType()));
    }

    /** Frames that so many tokens of one KV head fill. */
    int frames(int tokens) {
        return (tokens + options.pageSize() - 1) / options.pageSize();
    }

    int denseLayers() {
        return Math.min(options.denseLayers(), shape.layers());
    }

    int shared() {
        return shape.queryHeads() / shape.kvHeads();
    }

    /** Floats from one token's keys to the next's. */
    int tokenStride() {
        return shape.kvHeads() * shape.headDim();
    }

    int queryStride() {
        return shape.queryHeads() * shape.headDim();
    }

    /** Bytes of the key and value of one token and KV head. */
    long tokenBytes() {
        return 2L * shape.headDim() * options.kvType().bytes();
    }

    /**
     * Tokens that a KV head may hold of a sequence of up to {@code maxTokens}.
     *
     * @throws IllegalArgumentException if there are none
     */
    int budget(int maxTokens) {
        int budget = options.budget().inTokens(options.pageSize(), maxTokens);
        if (budget < 1) {
            throw new IllegalArgumentException(
                    "budget %s of %d tokens holds no token: raise --budget".formatted(options.budget(), maxTokens));
        }
        return budget;
    }

    /** Whether a layer is under a budget that a sequence that long can outgrow. */
    boolean isManaged(int layer, int maxTokens) {
        return layer >= denseLayers() && budget(maxTokens) < maxTokens;
    }

    /**
     * The keeper of one layer of one sequence.
     *
     * @throws IllegalArgumentException if the policy cannot work within the budget
     */
    TokenKeeper keeper(int layer, int maxTokens, int sequence) {
        var keeper = policy.keeper(new TokenScope(layer, shape.layers(), shape.queryHeads(), shape.kvHeads(),
                shape.headDim(), budget(maxTokens), maxTokens, sequence));
        if (policy.evicts() != keeper instanceof EvictingKeeper) {
            throw new IllegalStateException(
                    "policy %s evicts or selects tokens, and its keeper does the other: evicts() must return %s"
                            .formatted(policy.name(), !policy.evicts()));
        }
        return keeper;
    }

    /**
     * What a sequence of up to {@code maxTokens} can need.
     *
     * @throws IllegalArgumentException if the policy cannot work within the budget
     */
    SlotNeed need(int maxTokens) {
        int last = shape.layers() - 1;
        long heads = shape.kvHeads();
        long dense = heads * frames(maxTokens);
        long managedLayers = shape.layers() - denseLayers();
        if (!isManaged(last, maxTokens)) {
            return new SlotNeed(maxTokens, dense * denseLayers(), dense * managedLayers, 0, 0);
        }
        int budget = budget(maxTokens);
        int block = keeper(last, maxTokens, 0).promptBlock();
        if (!policy.evicts()) {
            return new SlotNeed(maxTokens, dense * denseLayers(), dense * managedLayers, heads * frames(budget), 0);
        }
        int prompt = block == 0 ? maxTokens : (int) Math.min((long) budget + block, maxTokens);
        return new SlotNeed(maxTokens, dense * denseLayers(), heads * frames(budget) * managedLayers, 0,
                heads * (frames(prompt) - frames(budget)));
    }
}
