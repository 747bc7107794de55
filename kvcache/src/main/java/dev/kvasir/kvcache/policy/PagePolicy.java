package dev.kvasir.kvcache.policy;

/**
 * Decides which pages a decoded token attends to, and, as an {@link EvictingPolicy}, which pages stay in frames and leave.
 * A {@link java.util.ServiceLoader} service, so that a jar on the class path can add one; it has no state of its own, so
 * that one object serves all layers and sequences.
 *
 * <p>The cache calls a policy only for layers under a budget, and only once a sequence has outgrown it. The policy names
 * pages; the cache moves them, and no page leaves before its backup is complete.
 */
public non-sealed interface PagePolicy extends CachePolicy {

    @Override
    default PagePolicy with(PolicySettings settings) {
        return this;
    }

    /**
     * The most that each layer, sequence and selection group may keep.
     *
     * @param budget pages, at least the {@link #floor}
     */
    default PageLimits limits(PolicySettings settings, int budget) {
        return PageLimits.of(budget, settings.sinkPages(), settings.windowPages(), settings.topkTokens(),
                settings.pageSize());
    }

    /** The least budget that this policy can hold. */
    default PageFloor floor(PolicySettings settings) {
        return PageFloor.of(settings);
    }

    /** Whether pages leave their frames; if not, a decoded token attends to the winners only. */
    default boolean evicts() {
        return this instanceof EvictingPolicy;
    }

    /** Whether the cache digests pages as they fill, and estimates their importance at each step. */
    default boolean scores() {
        return false;
    }

    /** Whether pages come back: the cache backs up each page once it is full. */
    default boolean recalls() {
        return false;
    }

    @Override
    default boolean isBudgeted() {
        return evicts() || scores();
    }

    /**
     * The winners of this step: pages outside sinks and window that must be attended to. Those without a frame are
     * recalled, if the policy recalls.
     *
     * @param winners receives them, ascending
     * @return how many; if pages leave their frames, at most {@code budget - sinks - window}
     */
    default int select(PageView view, int[] winners) {
        return 0;
    }
}
