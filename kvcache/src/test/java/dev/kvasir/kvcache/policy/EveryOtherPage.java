package dev.kvasir.kvcache.policy;

/** A policy as a user might add one: evicts nothing and attends to every other page, or to all if asked. */
public final class EveryOtherPage implements PagePolicy {
    private final int stride;
    private final int phase;

    public EveryOtherPage() {
        this(2, 0);
    }

    private EveryOtherPage(int stride, int phase) {
        this.stride = stride;
        this.phase = phase;
    }

    @Override
    public PolicyCard card() {
        return new PolicyCard("every-other", "attends to every other page").option("phase",
                "0 or 1: even or odd pages (default 0); all: every page");
    }

    @Override
    public PagePolicy with(PolicySettings settings) {
        var chosen = settings.own().options().getOrDefault("phase", "0");
        return chosen.equals("all") ? new EveryOtherPage(1, 0) : new EveryOtherPage(2, Integer.parseInt(chosen));
    }

    public int phase() {
        return phase;
    }

    @Override
    public boolean scores() {
        return true;
    }

    @Override
    public int select(PageView view, int[] winners) {
        int count = 0;
        for (int page = view.limits().sinks(); page < view.pages() - view.limits().window(); page++) {
            if (page % stride == phase) {
                winners[count++] = page;
            }
        }
        return count;
    }
}
