package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.policy.LowestResidents;
import dev.kvasir.kvcache.policy.PageFloor;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;
import dev.kvasir.kvcache.policy.Presets;

/**
 * Keeps sinks and a long window; the pages before the window leave for the host, and those that the query likes best
 * come back to a cache of recent winners. A page, the paper's block, that leaves the window goes to the host and not
 * into that cache.
 *
 * <p>InfLLM (Xiao et al., NeurIPS 2024), https://arxiv.org/abs/2402.04617.
 *
 * <pre>
 * I(page)  = mean over heads of q.r, r the mean key of the page
 * attended = sinks, the k pages of highest I before the window, window
 * window   = local x budget,   k = selected x (budget - sinks - window)
 * evicted  = the pages that won the longest time ago
 * </pre>
 *
 * <p>Differences from the original:
 * <ul>
 * <li>Its representative is the mean of the 4 keys of the block with the most attention while it was in the window.
 * Pages here are summarised from their keys alone, so ours is the mean of all of them ({@code --digest centroid});
 * {@code --digest} chooses another.
 * <li>It reads a prompt in chunks that attend as decoded tokens do. Here a prompt is read exactly, and then cut down
 * to sinks, best blocks and window.
 * <li>It gives all blocks beyond the window one and the same relative position. Here keys keep their positions.
 * <li>Its defaults are blocks of 128 tokens: 1 initial, 32 local, a cache of 32, of which 16 attended. The shares here
 * are equal to these with {@code --page-size 128 --budget 65p --sink 1}.
 * </ul>
 */
public final class InfLlmPolicy implements RecallingPolicy {
    private static final PolicyCard CARD = new PolicyCard("infllm",
            "sinks and a long window stay, other pages leave for the host, and the best for a query come back",
            "InfLLM (Xiao et al., NeurIPS 2024), https://arxiv.org/abs/2402.04617",
            """
                    I(page)  = mean over heads of q.r, r the mean key of the page
                    attended = sinks, the k pages of highest I before the window, window
                    window   = local x budget,   k = selected x (budget - sinks - window)
                    evicted  = the pages that won the longest time ago""")
            .option("local", "share of the budget that is the window, 0 to 0.9 (default 0.5)")
            .option("selected",
                    "share of the rest, the cache of blocks, that a query attends to, 0 to 1 (default 0.5)");
    private static final double LOCAL = 0.5;
    private static final double SELECTED = 0.5;

    private final double local;
    private final double selected;

    /** With the original's shares. */
    public InfLlmPolicy() {
        this(LOCAL, SELECTED);
    }

    private InfLlmPolicy(double local, double selected) {
        this.local = local;
        this.selected = selected;
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public PagePolicy with(PolicySettings settings) {
        var read = settings.own();
        return new InfLlmPolicy(read.number("local", LOCAL, 0, 0.9), read.share("selected", SELECTED));
    }

    @Override
    public Presets presets() {
        return new Presets(2, 2, DigestKind.CENTROID, Groups.LAYER, Attend.WINNERS);
    }

    @Override
    public PageLimits limits(PolicySettings settings, int budget) {
        int window = window(settings, budget);
        int cached = budget - settings.sinkPages() - window;
        return new PageLimits(budget, settings.sinkPages(), window, Math.max(1, (int) (selected * cached)));
    }

    private int window(PolicySettings settings, int budget) {
        return Math.max(settings.windowPages(), (int) (local * budget));
    }

    @Override
    public PageFloor floor(PolicySettings settings) {
        int budget = settings.sinkPages() + settings.windowPages() + 1;
        while (budget - settings.sinkPages() - window(settings, budget) < 1) {
            budget++;
        }
        return new PageFloor(budget, "%d sink + %d window + 1 cached block".formatted(settings.sinkPages(),
                window(settings, budget)));
    }

    @Override
    public int leaving(PageView view) {
        return view.pages() - 1 - view.limits().window();
    }

    @Override
    public void victims(PageView view, int count, int[] victims) {
        LowestResidents.of(view, PageView::lastWon, count, victims);
    }
}
