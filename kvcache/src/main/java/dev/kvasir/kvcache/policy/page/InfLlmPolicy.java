package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.LowestResidents;
import dev.kvasir.kvcache.policy.OptionReader;
import dev.kvasir.kvcache.policy.PageFloor;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import java.util.Map;

/**
 * InfLLM (Xiao et al., NeurIPS 2024, <a href="https://arxiv.org/abs/2402.04617">arXiv 2402.04617</a>): a long local window,
 * the first tokens, and of the blocks between, which live on the host, those whose representative key the query likes
 * best. A cache of blocks on the device saves most of the copies. A block is a page; with r(page) its representative
 * key, budget b, ns sinks and a window of w = local b pages:
 *
 * <pre>
 * I(page)  = mean over heads of q.r(page)
 * attended = sinks, the k best of [ns, n - w), window;   k = selected (b - ns - w)
 * evicted  = the blocks that won the longest time ago, one for each winner that is recalled
 * </pre>
 *
 * A block that leaves the window goes to the host and not into the cache of blocks.
 *
 * <p>What differs from the original:
 * <ul>
 * <li>Its representative is the mean of the 4 keys of the block that got the most attention while it was in the window.
 * Pages here are summarised from their keys alone, so ours is the mean of all of them ({@code --digest centroid});
 * {@code --digest} chooses another.
 * <li>It reads a prompt in chunks that attend as decoded tokens do. Here a prompt is read exactly, and cut down after
 * that to sinks, best blocks and window.
 * <li>It gives all blocks beyond the window one and the same relative position. Here keys keep their positions.
 * <li>Its defaults are blocks of 128 tokens: 1 initial, 32 local, a cache of 32, of which 16 attended. The shares here
 * come to the same with {@code --page-size 128 --budget 65p --sink 1}.
 * </ul>
 */
public final class InfLlmPolicy implements RecallingPolicy {
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
    public PagePolicy with(CacheOptions options) {
        var read = new OptionReader(options);
        return new InfLlmPolicy(read.number("local", LOCAL, 0, 0.9), read.share("selected", SELECTED));
    }

    @Override
    public String name() {
        return "infllm";
    }

    @Override
    public String summary() {
        return "sinks and a long window stay, the best blocks beyond come back through a cache of recent winners";
    }

    @Override
    public String paper() {
        return "InfLLM (Xiao et al., NeurIPS 2024), https://arxiv.org/abs/2402.04617";
    }

    @Override
    public String formula() {
        return """
                I(page)  = mean over heads of q.r, r the mean key of the page
                attended = sinks, the k pages of highest I before the window, window
                window   = local x budget,   k = selected x (budget - sinks - window)
                evicted  = the pages that won the longest time ago""";
    }

    @Override
    public Map<String, String> options() {
        return Map.of("local", "share of the budget that is the window, 0 to 0.9 (default 0.5)", "selected",
                "share of the rest, the cache of blocks, that a query attends to, 0 to 1 (default 0.5)");
    }

    @Override
    public CacheOptions.Builder presets(CacheOptions.Builder defaults) {
        return defaults.digest(DigestKind.CENTROID).attend(Attend.WINNERS);
    }

    @Override
    public PageLimits limits(CacheOptions options, int budget) {
        int window = window(options, budget);
        int cached = budget - options.sinkPages() - window;
        return new PageLimits(budget, options.sinkPages(), window, Math.max(1, (int) (selected * cached)));
    }

    private int window(CacheOptions options, int budget) {
        return Math.max(options.windowPages(), (int) (local * budget));
    }

    @Override
    public PageFloor floor(CacheOptions options) {
        int budget = options.sinkPages() + options.windowPages() + 1;
        while (budget - options.sinkPages() - window(options, budget) < 1) {
            budget++;
        }
        return new PageFloor(budget, "%d sink + %d window + 1 cached block".formatted(options.sinkPages(),
                window(options, budget)));
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
