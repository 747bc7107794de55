package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.Mix;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import java.util.Map;

/**
 * Evicts pages at random: the floor for every policy that has a reason to evict one. Sinks and window stay, as under the
 * others, so that only the choice between them differs; what leaves never comes back.
 *
 * <pre>
 * after the prompt   keep   sinks, a random budget - sinks - window of the pages between, window
 * a new page opens   evict  a random resident of those between
 * </pre>
 *
 * Random numbers are hashes of the seed, the layer, the selection group and the page that opens, so that the same seed
 * gives the same pages again, on every engine; sequences of one length lose the same pages.
 */
public final class RandomPolicy implements PagePolicy {
    private final long seed;

    /** With seed 0. */
    public RandomPolicy() {
        this(0);
    }

    private RandomPolicy(long seed) {
        this.seed = seed;
    }

    @Override
    public PagePolicy with(CacheOptions options) {
        return new RandomPolicy(new OptionReader(options).seed("seed", 0));
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String summary() {
        return "sinks and window stay, of the pages between random ones leave and are forgotten: the floor";
    }

    @Override
    public String formula() {
        return "evicted = a random resident that is neither sink nor window";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("seed", "of the random numbers (default 0)");
    }

    @Override
    public boolean evicts() {
        return true;
    }

    @Override
    public boolean scores() {
        return false;
    }

    @Override
    public boolean recalls() {
        return false;
    }

    @Override
    public int retain(PageView view, int[] kept) {
        int sinks = view.limits().sinks();
        int windowStart = view.pages() - view.limits().window();
        int wanted = view.limits().budget() - sinks - view.limits().window();
        int count = 0;
        // Selection sampling: each page between stays with probability wanted / left, which keeps exactly as many.
        for (int page = 0; page < view.pages(); page++) {
            boolean stays = page < sinks || page >= windowStart;
            if (!stays && below(windowStart - page, view, page) < wanted) {
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
