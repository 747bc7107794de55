package dev.kvasir.kvcache.plan;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.page.DigestStore;
import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;

/** The options applied to a model's shape: everything that is known before memory is allocated. */
public record CachePlan(CacheShape shape, CacheOptions options, PagePolicy policy, int groups, PageGeometry geometry) {

    /** @throws IllegalArgumentException if the options contradict each other or the shape */
    public static CachePlan of(CacheShape shape, CacheOptions options) {
        int groups = options.groups().of(shape.kvHeads());
        var policy = policy(options);
        if (policy.evicts() && options.windowPages() < 2) {
            throw new IllegalArgumentException(
                    "%d window pages: the page being filled and the one before must stay, set --window to 2 or more"
                            .formatted(options.windowPages()));
        }
        return new CachePlan(shape, options, policy, groups, new PageGeometry(options.pageSize(),
                shape.kvHeads() / groups, shape.headDim(), options.kvType()));
    }

    private static PagePolicy policy(CacheOptions options) {
        return switch (options.policy()) {
            case PagePolicy pages -> pages;
            case TokenPolicy tokens -> throw new IllegalArgumentException(
                    "policy %s keeps single tokens, which a cache of pages cannot: choose a page policy such as arkvale, or an engine that runs both, vector or reference"
                            .formatted(tokens.name()));
        };
    }

    /**
     * The policy, under which pages leave.
     *
     * @throws ClassCastException if it evicts nothing
     */
    public EvictingPolicy evicting() {
        return (EvictingPolicy) policy;
    }

    public int pages(int tokens) {
        return (tokens + options.pageSize() - 1) / options.pageSize();
    }

    public int queryHeadsPerGroup() {
        return shape.queryHeads() / groups;
    }

    public int denseLayers() {
        return Math.min(options.denseLayers(), shape.layers());
    }

    /** Floats from one token's keys to the next's. */
    public int tokenStride() {
        return shape.kvHeads() * shape.headDim();
    }

    /** Floats from one selection group's keys to the next's. */
    public int groupStride() {
        return geometry.heads() * shape.headDim();
    }

    public int queryStride() {
        return shape.queryHeads() * shape.headDim();
    }

    /**
     * The limits of a sequence of up to {@code maxTokens}.
     *
     * @throws IllegalArgumentException if the budget is below its floor
     */
    public PageLimits limits(int maxTokens) {
        int budget = options.budget().pages(options.pageSize(), maxTokens);
        var floor = policy.floor(options.settings());
        if ((policy.evicts() || policy.scores()) && budget < floor.pages()) {
            throw new IllegalArgumentException(belowFloor(maxTokens, budget, floor.pages(), floor.because()));
        }
        return policy.limits(options.settings(), budget);
    }

    private String belowFloor(int maxTokens, int budget, int floor, String because) {
        int pageSize = options.pageSize();
        var what = switch (options.budget()) {
            case Budget.Tokens t -> t.tokens() + " tokens";
            case Budget.Pages p -> p.toString();
            case Budget.Share s -> s + " of " + maxTokens + " tokens";
            case Budget.Unlimited u -> u.toString();
        };
        var raised = switch (options.budget()) {
            case Budget.Pages p -> floor + "p";
            default -> Integer.toString(floor * pageSize);
        };
        int fitting = pageSize;
        while (fitting > 4 && options.budget().pages(fitting, maxTokens) < floor) {
            fitting /= 2;
        }
        boolean fits = options.budget().pages(fitting, maxTokens) >= floor;
        return "budget %s holds %d pages of %d; this policy needs at least %d (%s): raise --budget to %s%s"
                .formatted(what, budget, pageSize, floor, because, raised,
                        fits ? " or lower --page-size to " + fitting : "");
    }

    /** Whether a sequence that long can outgrow its budget. */
    private boolean outgrows(int maxTokens) {
        return limits(maxTokens).budget() < pages(maxTokens);
    }

    /** Whether pages of the managed layers leave their frames in a sequence that long. */
    public boolean evicts(int maxTokens) {
        return policy.evicts() && outgrows(maxTokens);
    }

    /** Whether pages of the managed layers are digested and judged in a sequence that long. */
    public boolean scores(int maxTokens) {
        return policy.scores() && outgrows(maxTokens);
    }

    /** Whether pages of the managed layers are backed up in a sequence that long. */
    public boolean recalls(int maxTokens) {
        return policy.recalls() && evicts(maxTokens);
    }

    /** Whether the query of a layer sends early for pages of the next: both are judged, and pages come back. */
    public boolean predicts(int layer) {
        return options.prefetch() && policy.scores() && policy.recalls() && layer >= denseLayers()
                && layer + 1 < shape.layers();
    }

    /** What a sequence of up to {@code maxTokens} can need. */
    public MemoryNeed need(int maxTokens) {
        long pages = pages(maxTokens);
        long managedLayers = (long) shape.layers() - denseLayers();
        boolean evicts = evicts(maxTokens);
        long resident = evicts ? limits(maxTokens).budget() : pages;
        long digests = scores(maxTokens)
                ? DigestStore.framesFor((int) pages - 1, options.pageSize(), options.digest().frames(geometry))
                : 0;
        return new MemoryNeed(maxTokens, pages * groups * denseLayers(), groups * managedLayers * resident,
                groups * managedLayers * digests, managedLayers > 0 ? groups * (pages - resident) : 0,
                recalls(maxTokens) ? groups * managedLayers * pages : 0);
    }
}
