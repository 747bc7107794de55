package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.PagePolicy;

/** Keeps everything: plain paged attention, the control for every other policy. */
public final class FullPolicy implements PagePolicy {

    @Override
    public String name() {
        return "full";
    }

    @Override
    public String summary() {
        return "every page stays: plain paged attention, the control for the others";
    }

    @Override
    public boolean evicts() {
        return false;
    }

    @Override
    public boolean scores() {
        return false;
    }

    @Override
    public boolean recalls() {
        return false;
    }
}
