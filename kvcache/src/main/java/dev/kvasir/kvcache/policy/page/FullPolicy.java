package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.PolicyCard;

/** Keeps every page and drops none: plain paged attention, the control for all other policies. */
public final class FullPolicy implements PagePolicy {
    private static final PolicyCard CARD = new PolicyCard("full",
            "every page stays: plain paged attention, the control for the others");

    @Override
    public PolicyCard card() {
        return CARD;
    }
}
