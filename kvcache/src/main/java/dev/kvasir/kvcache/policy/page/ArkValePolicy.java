package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.option.Turnover;
import dev.kvasir.kvcache.policy.LowestImportance;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;
import dev.kvasir.kvcache.policy.PolicySettings;

/**
 * Keeps the pages that the latest query needs; all others leave for the host, and come back when a query needs them.
 * I(page) estimates the highest q.k of its keys by its digest, which stays on the device: here the box from bmin to
 * bmax.
 *
 * <p>ArkVale (Chen et al., NeurIPS 2024), https://github.com/pku-liang/ArkVale.
 *
 * <pre>
 * I(page)            = mean over heads of sum_i max(q_i bmax_i, q_i bmin_i)
 * each step          win    the k pages of highest I between sinks and window,  k = min(topk-tokens, budget / 2)
 *                    evict  of the others between sinks and window those of lowest I, as many as are recalled
 * after the prompt   keep   sinks, the pages of highest I between, window
 * a new page opens   evict  fifo: the page that just left the window;  score: the page of lowest I, no winner
 * </pre>
 *
 * <p>k counts tokens here; the selection is that many whole pages. Under {@code score}, a page that opens before the
 * first estimate falls back to {@code fifo}.
 */
public final class ArkValePolicy implements RecallingPolicy {
    private static final PolicyCard CARD = new PolicyCard("arkvale",
            "pages leave for the host and are recalled when a query needs them",
            "ArkVale (Chen et al., NeurIPS 2024), https://github.com/pku-liang/ArkVale",
            """
                    I(page)            = mean over heads of sum_i max(q_i bmax_i, q_i bmin_i)
                    each step          win    the k pages of highest I between sinks and window,  k = min(topk-tokens, budget / 2)
                                       evict  of the others between sinks and window those of lowest I, as many as are recalled
                    after the prompt   keep   sinks, the pages of highest I between, window
                    a new page opens   evict  fifo: the page that just left the window;  score: the page of lowest I, no winner""");

    private final Turnover turnover;

    /** With the paper's rule for page turns. */
    public ArkValePolicy() {
        this(Turnover.FIFO);
    }

    private ArkValePolicy(Turnover turnover) {
        this.turnover = turnover;
    }

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public PagePolicy with(PolicySettings settings) {
        return new ArkValePolicy(settings.turnover());
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
