package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.LowestImportance;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;

/**
 * ArkVale (Chen et al., NeurIPS 2024): pages leave for the host and are recalled when a query needs them, judged by a
 * digest that stays on the device. With {@code I(page)} the estimate of {@code max q.k} over its keys, n pages, ns sinks,
 * nw window pages and budget b:
 *
 * <pre>
 * after the prompt   keep   [0, ns), the b - ns - nw best of [ns, n - nw), [n - nw, n)
 * each step          win    the k best of [ns, n - nw),  k = min(C, c/2) / pageSize
 *                    evict  as many as are recalled: the lowest of the residents outside sinks, window and winners
 * a new page opens   evict  the page that just left the window (fifo), or the lowest of the residents outside
 *                           sinks, window and the winners of the step before (score)
 * </pre>
 *
 * Under {@code score} a page turn before anything was judged falls back to {@code fifo}.
 */
public final class ArkValePolicy implements RecallingPolicy {
    private final Turnover turnover;

    /** With the paper's rule for page turns. */
    public ArkValePolicy() {
        this(Turnover.FIFO);
    }

    private ArkValePolicy(Turnover turnover) {
        this.turnover = turnover;
    }

    @Override
    public PagePolicy with(CacheOptions options) {
        return new ArkValePolicy(options.turnover());
    }

    @Override
    public String name() {
        return "arkvale";
    }

    @Override
    public String summary() {
        return "pages leave for the host and are recalled when a query needs them";
    }

    @Override
    public String paper() {
        return "ArkVale (Chen et al., NeurIPS 2024), https://github.com/pku-liang/ArkVale";
    }

    @Override
    public String formula() {
        return """
                I(page)  = mean over heads of sum_i max(q_i bmax_i, q_i bmin_i)
                won      = the k pages of highest I between sinks and window,  k = min(topk-tokens, budget / 2)
                evicted  = of the others between sinks and window those of lowest I, as many as are recalled""";
    }

    @Override
    public int leaving(PageView view) {
        int justLeftWindow = view.pages() - 1 - view.limits().window();
        if (turnover == Turnover.FIFO || Float.isNaN(view.importance(justLeftWindow))) {
            return justLeftWindow;
        }
        return LowestImportance.of(view);
    }
}
