package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PageView;

/**
 * StreamingLLM (Xiao et al., ICLR 2024, <a href="https://arxiv.org/abs/2309.17453">arXiv 2309.17453</a>): keeps the first
 * tokens, which soak up attention that has nowhere to go, and the newest; what leaves never comes back.
 *
 * <pre>
 * kept = pages [0, sinks) and [n - (budget - sinks), n)
 * </pre>
 *
 * The original keeps 4 first tokens; here they are whole pages. Positions are not renumbered: keys are cached after RoPE.
 */
public final class StreamingPolicy implements PagePolicy {

    @Override
    public String name() {
        return "streaming-llm";
    }

    @Override
    public String summary() {
        return "sinks and the newest pages stay, what leaves is forgotten";
    }

    @Override
    public String paper() {
        return "StreamingLLM (Xiao et al., ICLR 2024), https://arxiv.org/abs/2309.17453";
    }

    @Override
    public String formula() {
        return "kept = pages [0, sinks) and [n - (budget - sinks), n)";
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
