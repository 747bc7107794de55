package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.Mix;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;

/**
 * Keeps sinks and window, and drops random pages between them for good: the lower bound for each policy that has a
 * reason to evict a page. Sinks and window stay as under the others, so that only the choice between them differs.
 *
 * <pre>
 * after the prompt   keep   sinks, a random budget - sinks - window of the pages between, window
 * a new page opens   evict  a random resident of those between
 * </pre>
 *
 * <p>The random numbers are hashes of the seed, the layer, the selection group and the page that opens. The same seed
 * gives the same pages on every engine; sequences of one length lose the same pages.
 */
public final class RandomPolicy implements EvictingPolicy {
    private static final PolicyCard CARD = new PolicyCard("random",
            "sinks and window stay, random pages between them leave for good: the lower bound for the others",
            "",
            """
                    after the prompt   keep   sinks, a random budget - sinks - window of the pages between, window
                    a new page opens   evict  a random resident of those between""")
            .option("seed", "of the random numbers (default 0)");

    private final long seed;

    /** With seed 0. */
    public RandomPolicy() {
        this(0);
    }

    private RandomPolicy(long seed) {
        this.seed = seed;
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public PagePolicy with(PolicySettings settings) {
        return new RandomPolicy(settings.own().seed("seed", 0));
    }

    @Override
    public int retain(PageView view, int[] kept) {
        int sinks = view.limits().sinks();
        int wanted = view.limits().budget() - sinks - view.limits().window();
        var residents = view.residents();
        int windowStart = residents.size() - view.limits().window();
        int count = 0;
        // Selection sampling: each page between stays with probability wanted / left, which keeps exactly as many.
        for (int i = 0; i < residents.size(); i++) {
            int page = residents.page(i);
            boolean stays = i < sinks || i >= windowStart;
            if (!stays && below(windowStart - i, view, page) < wanted) {
                wanted--;
                stays = true;
            }
            if (stays) {
                kept[count++] = page;
            }
        }
        return count;
    }

    @Override
    public int leaving(PageView view) {
        int sinks = view.limits().sinks();
        // Without the page that is about to open, the newest window - 1 residents stay.
        int candidates = view.residents().size() - sinks - (view.limits().window() - 1);
        return view.residents().page(sinks + below(candidates, view, view.pages() - 1));
    }

    /** A number from 0 to {@code bound - 1}. */
    private int below(int bound, PageView view, int page) {
        long hash = Mix.of(Mix.of(Mix.of(seed + view.layer()) + view.group()) + page);
        return (int) Math.floorMod(hash, (long) bound);
    }
}
