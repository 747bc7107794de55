package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.policy.page.ArkValePolicy;

/**
 * ArkVale with budgets that fall by a page from layer to layer, as a user might write it. {@code excess} is added to each
 * budget: above 0 the layers take more than the total.
 */
public record FallingPages(int excess) implements EvictingPolicy {
    private static final ArkValePolicy ARKVALE = new ArkValePolicy();

    @Override
    public PolicyCard card() {
        return new PolicyCard("falling-pages", "as arkvale, with a page less from layer to layer");
    }

    @Override
    public int layerBudget(TotalBudget total, int layer) {
        int above = (total.layers() - 1) / 2 - (layer - total.firstLayer()); // the middle layer has the mean
        return total.tokens() + (above + excess) * total.pageSize();
    }

    @Override
    public boolean scores() {
        return true;
    }

    @Override
    public boolean recalls() {
        return true;
    }

    @Override
    public int retain(PageView view, int[] kept) {
        return ARKVALE.retain(view, kept);
    }

    @Override
    public int leaving(PageView view) {
        return ARKVALE.leaving(view);
    }

    @Override
    public int select(PageView view, int[] winners) {
        return ARKVALE.select(view, winners);
    }
}
