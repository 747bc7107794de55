package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.LayerBudgets;
import dev.kvasir.kvcache.plan.MemoryNeed;
import dev.kvasir.kvcache.plan.MemoryNeed.Part;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import dev.kvasir.kvcache.policy.TotalBudget;
import java.util.Arrays;
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
        if (options.budget() instanceof Budget.Auto) {
            throw new IllegalArgumentException(
                    "policy %s keeps single tokens, of which none comes back: set CacheOptions.budget to tokens instead of auto"
                            .formatted(policy.name()));
        }
        if (options.prefillBudget() > 0) {
            throw new IllegalArgumentException(
                    "policy %s keeps single tokens, of which none comes back while a text is read: leave CacheOptions.prefillBudget at 0, or choose a policy such as arkvale"
                            .formatted(policy.name()));
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
                    "budget %s of %d tokens holds no token: raise CacheOptions.budget".formatted(options.budget(),
                            maxTokens));
        }
        return budget;
    }

    /**
     * Tokens that each KV head of a layer may hold of a sequence of up to {@code maxTokens}: {@code maxTokens} in dense
     * layers, the policy's division of the budget in the others.
     *
     * @return by layer
     * @throws IllegalArgumentException if the policy cannot work within the budget
     */
    int[] budgets(int maxTokens) {
        int[] budgets = new int[shape.layers()];
        int dense = options.denseLayers(shape);
        int mean = budget(maxTokens);
        Arrays.fill(budgets, 0, dense, maxTokens);
        Arrays.fill(budgets, dense, budgets.length, mean);
        if (!policy.evicts() || mean >= maxTokens || dense == budgets.length) {
            return budgets;
        }
        var total = new TotalBudget(dense, budgets.length - dense, shape.kvHeads(), mean, options.pageSize(),
                maxTokens);
        int[] divided = LayerBudgets.of(policy, total);
        System.arraycopy(divided, 0, budgets, dense, divided.length);
        return budgets;
    }

    /** Lets the keeper of a layer whose text has been read divide the budget among the heads. */
    void divide(LayerTokens layer, EvictingKeeper keeper) {
        Arrays.fill(layer.budgets, layer.budget);
        keeper.divide(layer, layer.budgets, options.pageSize());
        long frames = 0;
        for (int h = 0; h < layer.budgets.length; h++) {
            LayerBudgets.checkFills(policy, layer.budgets[h], "KV head " + h);
            frames += options.pages(layer.budgets[h]);
        }
        LayerBudgets.checkFrames(policy, frames, (long) layer.budgets.length * options.pages(layer.budget),
                "the KV heads");
    }

    /** The most tokens that a KV head of a layer with this budget can come to hold once tokens have left. */
    int mostOfHead(int budget, int maxTokens) {
        return policy.dividesHeads() ? (int) Math.min((long) budget * shape.kvHeads(), maxTokens) : budget;
    }

    /** Whether a layer is under a budget that a sequence that long can outgrow. */
    boolean isManaged(int layer, int budget, int maxTokens) {
        return layer >= options.denseLayers(shape) && budget < maxTokens;
    }

    /**
     * The keeper of one layer of one sequence.
     *
     * @throws IllegalArgumentException if the policy cannot work within the budget
     */
    TokenKeeper keeper(int layer, int budget, int maxTokens, int sequence) {
        var keeper = policy.keeper(new TokenScope(layer, shape.layers(), shape.queryHeads(), shape.kvHeads(),
                shape.headDim(), budget, maxTokens, sequence));
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
        int[] budgets = budgets(maxTokens);
        long all = options.pages(maxTokens);
        long managed = 0;
        long chosen = 0;
        long prompt = 0;
        for (int layer = options.denseLayers(shape); layer < budgets.length; layer++) {
            int budget = budgets[layer];
            if (!isManaged(layer, budget, maxTokens)) {
                managed += all;
                continue;
            }
            int block = keeper(layer, budget, maxTokens, 0).promptBlock();
            long within = options.pages(budget);
            if (policy.evicts()) {
                managed += within;
                long read = block == 0 ? maxTokens : Math.min((long) budget + block, maxTokens);
                prompt = Math.max(prompt, options.pages((int) read) - within);
            } else {
                managed += all;
                chosen = within;
            }
        }
        return need(maxTokens, managed, chosen, prompt);
    }

    /**
     * Frames of one KV head: of all layers that are not dense, of the choice of a step, and beyond these while a prompt is
     * read.
     */
    private MemoryNeed need(int maxTokens, long managed, long chosen, long prompt) {
        long heads = shape.kvHeads();
        long dense = options.denseLayers(shape);
        return new MemoryNeed(maxTokens,
                List.of(new Part("dense layers", heads * dense * options.pages(maxTokens)),
                        new Part("tokens of the other layers", heads * managed),
                        new Part("the step's choice of them", heads * chosen)),
                heads * prompt, 0);
    }
}
