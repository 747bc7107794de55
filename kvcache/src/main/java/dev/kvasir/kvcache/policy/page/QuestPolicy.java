package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.policy.PageFloor;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.Presets;

/**
 * Keeps every page on the device and drops none; each query reads only the pages of highest estimate within the
 * budget. max and min are the element-wise extremes of the keys of a page, which are the box of digest
 * {@code cuboid-max}.
 *
 * <p>Quest (Tang et al., ICML 2024), https://arxiv.org/abs/2406.10774.
 *
 * <pre>
 * I(page)  = sum_i max(q_i max_i, q_i min_i)
 * attended = the budget - 1 pages of highest I, and the page being filled
 * </pre>
 *
 * <p>The budget limits the pages that a query reads, not those that are held. Nothing is protected but the page being
 * filled: {@code --sink} is 0 and {@code --window} 1 unless given. The original chooses for each query head and has no
 * grouped queries; here each KV head chooses for the query heads that share it ({@code --groups kv-head}, by
 * {@code --aggregate}), which is the same where each has its own. Its first 2 layers are dense, as ours by default;
 * its pages hold 16 tokens, its budgets 512 to 4096. It attends to 3 pages at least, so that is the floor.
 */
public final class QuestPolicy implements PagePolicy {
    private static final PolicyCard CARD = new PolicyCard("quest",
            "every page stays on the device, a query reads only the best within the budget",
            "Quest (Tang et al., ICML 2024), https://arxiv.org/abs/2406.10774",
            """
                    I(page)  = sum_i max(q_i max_i, q_i min_i)
                    attended = the budget - 1 pages of highest I, and the page being filled""");
    private static final int LEAST = 3;

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public Presets presets() {
        return new Presets(0, 1, DigestKind.CUBOID_MAX, Groups.KV_HEAD, Attend.RESIDENT);
    }

    @Override
    public PageFloor floor(PolicySettings settings) {
        int fixed = settings.sinkPages() + settings.windowPages();
        return fixed < LEAST
                ? new PageFloor(LEAST, "the least that Quest reads")
                : new PageFloor(fixed + 1,
                        "%d sink + %d window + 1 chosen".formatted(settings.sinkPages(), settings.windowPages()));
    }

    @Override
    public PageLimits limits(PolicySettings settings, int budget) {
        return new PageLimits(budget, settings.sinkPages(), settings.windowPages(),
                budget - settings.sinkPages() - settings.windowPages());
    }

    @Override
    public boolean scores() {
        return true;
    }

    @Override
    public int select(PageView view, int[] winners) {
        return view.best(winners);
    }
}
