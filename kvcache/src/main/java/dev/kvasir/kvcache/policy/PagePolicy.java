package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.plan.CacheOptions;

/**
 * Decides which pages stay in frames, leave and come back. One small class a method, without state of its own, found by
 * {@link #name} in {@link Policies}: a {@link java.util.ServiceLoader} service, so that a jar on the class path can
 * add one.
 *
 * <p>A policy is asked only for layers it manages and only once a sequence has outgrown the budget. It names pages; the
 * cache moves them, and sees to it that no page leaves before its backup is complete.
 */
public non-sealed interface PagePolicy extends CachePolicy {

    @Override
    default PagePolicy with(CacheOptions options) {
        return this;
    }

    /**
     * What each layer, sequence and selection group may keep.
     *
     * @param budget pages, at least the {@link #floor}
     */
    default PageLimits limits(CacheOptions options, int budget) {
        return PageLimits.of(budget, options.sinkPages(), options.windowPages(), options.topkTokens(),
                options.pageSize());
    }

    /** The least budget that this policy can hold. */
    default PageFloor floor(CacheOptions options) {
        return PageFloor.of(options);
    }

    /** Whether pages leave their frames; if not, the policy's winners are all that is attended to. */
    boolean evicts();

    /** Whether pages are judged: digested as they fill, and their importance estimated at each step. */
    boolean scores();

    /** Whether pages come back: each is backed up once it is full. */
    boolean recalls();

    @Override
    default boolean isBudgeted() {
        return evicts() || scores();
    }

    /**
     * The pages to keep of a prompt that is larger than the budget; not asked of a policy that evicts nothing.
     *
     * @param kept receives them, ascending
     * @return how many, at most the budget
     */
    default int retain(PageView view, int[] kept) {
        throw new IllegalStateException("policy %s says that it evicts, and not what".formatted(name()));
    }

    /**
     * The page that leaves when page {@code view.pages() - 1} opens and the budget is used up: a resident, no sink, and
     * outside the window of which the new page is the last. Not asked of a policy that evicts nothing.
     */
    default int leaving(PageView view) {
        throw new IllegalStateException("policy %s says that it evicts, and not what".formatted(name()));
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

    /**
     * The residents whose frames go to {@code count} recalled winners. By default those of lowest importance outside
     * sinks, window and winners; of equals the lower page.
     *
     * @param victims receives them, the least important first
     */
    default void victims(PageView view, int count, int[] victims) {
        LowestImportance.of(view, count, victims);
    }
}
