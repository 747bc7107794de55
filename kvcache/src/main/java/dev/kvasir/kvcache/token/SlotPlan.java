package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.MemoryNeed;
import dev.kvasir.kvcache.plan.MemoryNeed.Part;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import java.util.List;

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
        return layer >= options.denseLayers(shape) && budget(maxTokens) < maxTokens;
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
     * The memory that a sequence of up to {@code maxTokens} can need.
     *
     * @throws IllegalArgumentException if the policy cannot work within the budget
     */
    MemoryNeed need(int maxTokens) {
        int last = shape.layers() - 1;
        long all = options.pages(maxTokens);
        if (!isManaged(last, maxTokens)) {
            return need(maxTokens, all, 0, 0);
        }
        int budget = budget(maxTokens);
        int block = keeper(last, maxTokens, 0).promptBlock();
        long within = options.pages(budget);
        if (!policy.evicts()) {
            return need(maxTokens, all, within, 0);
        }
        int prompt = block == 0 ? maxTokens : (int) Math.min((long) budget + block, maxTokens);
        return need(maxTokens, within, 0, options.pages(prompt) - within);
    }

    /** Frames of one KV head: of one managed layer, of the choice of a step, and beyond these while a prompt is read. */
    private MemoryNeed need(int maxTokens, long managed, long chosen, long prompt) {
        long heads = shape.kvHeads();
        long dense = options.denseLayers(shape);
        return new MemoryNeed(maxTokens,
                List.of(new Part("dense layers", heads * dense * options.pages(maxTokens)),
                        new Part("tokens of the other layers", heads * (shape.layers() - dense) * managed),
                        new Part("the step's choice of them", heads * chosen)),
                heads * prompt, 0);
    }
}
