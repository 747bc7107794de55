package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.PageFloor;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;

/**
 * Quest (Tang et al., ICML 2024, <a href="https://arxiv.org/abs/2406.10774">arXiv 2406.10774</a>): all pages stay on the
 * device, each query attends to those that may matter to it. With {@code max} and {@code min} the element-wise extremes of
 * a page's keys, which are the box of digest {@code cuboid-max}, n pages and a budget of b:
 *
 * <pre>
 * I(page)  = sum_i max(q_i max_i, q_i min_i)
 * attended = the b - 1 pages of highest I, and the page being filled
 * </pre>
 *
 * The budget is what a query reads, not what is held. Nothing is protected but the page being filled: {@code --sink} is 0
 * and {@code --window} 1 unless given. The original chooses for each query head and knows no grouped queries; here each
 * KV head chooses for the query heads that share it ({@code --groups kv-head}, by {@code --aggregate}), which is the same
 * where each has its own. Its first 2 layers are dense, as ours by default; its pages hold 16 tokens, its budgets 512
 * to 4096. It attends to 3 pages at least, so that is the floor.
 */
public final class QuestPolicy implements PagePolicy {
    private static final int LEAST = 3;

    @Override
    public String name() {
        return "quest";
    }

    @Override
    public String summary() {
        return "every page stays on the device, a query reads only the best within the budget";
    }

    @Override
    public String paper() {
        return "Quest (Tang et al., ICML 2024), https://arxiv.org/abs/2406.10774";
    }

    @Override
    public String formula() {
        return """
                I(page)  = sum_i max(q_i max_i, q_i min_i)
                attended = the budget - 1 pages of highest I, and the page being filled""";
    }

    @Override
    public CacheOptions.Builder presets(CacheOptions.Builder defaults) {
        return defaults.digest(DigestKind.CUBOID_MAX).groups(Groups.KV_HEAD).sinkPages(0).windowPages(1);
    }

    @Override
    public PageFloor floor(CacheOptions options) {
        int fixed = options.sinkPages() + options.windowPages();
        return fixed < LEAST
                ? new PageFloor(LEAST, "the least that Quest reads")
                : new PageFloor(fixed + 1,
                        "%d sink + %d window + 1 chosen".formatted(options.sinkPages(), options.windowPages()));
    }

    @Override
    public PageLimits limits(CacheOptions options, int budget) {
        return new PageLimits(budget, options.sinkPages(), options.windowPages(),
                budget - options.sinkPages() - options.windowPages());
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public boolean scores() {
        return true;
    }

    @Override
    public boolean recalls() {
        return false;
    }

    @Override
    public int select(PageView view, int[] winners) {
        return view.best(winners);
    }
}
