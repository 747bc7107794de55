package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.policy.PolicyCard;

/**
 * Keeps the first pages and the newest, and drops all between for good: the first tokens absorb the attention that has
 * no other target. n is the number of pages.
 *
 * <p>StreamingLLM (Xiao et al., ICLR 2024), https://arxiv.org/abs/2309.17453.
 *
 * <pre>
 * kept = pages [0, sinks) and [n - (budget - sinks), n)
 * </pre>
 *
 * <p>The original keeps 4 first tokens; here they are whole pages. Positions are not renumbered: keys are cached after
 * RoPE.
 */
public final class StreamingPolicy implements EvictingPolicy {
    private static final PolicyCard CARD = new PolicyCard("streaming-llm",
            "sinks and the newest pages stay, all others leave for good",
            "StreamingLLM (Xiao et al., ICLR 2024), https://arxiv.org/abs/2309.17453",
            "kept = pages [0, sinks) and [n - (budget - sinks), n)");

    @Override
    public PolicyCard card() {
        return CARD;
    }

    @Override
    public int retain(PageView view, int[] kept) {
        int sinks = view.limits().sinks();
        int budget = view.limits().budget();
        int firstRecent = view.pages() - (budget - sinks);
        for (int i = 0; i < budget; i++) {
            kept[i] = i < sinks ? i : firstRecent + i - sinks;
        }
        return budget;
    }

    @Override
    public int leaving(PageView view) {
        return view.residents().page(view.limits().sinks());
    }
}
