package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.MemoryNeed;
import dev.kvasir.kvcache.plan.SequenceProgress;

/**
 * One open sequence of a {@link PagedCache}: what it may hold, the pages that it holds, and how far it has got.
 * {@link PromptDecisions} and {@link DecodeDecisions} work on it.
 */
final class OpenSequence implements FrameAdmission.Guest {
    private final PagedCache cache;
    private final MemoryNeed need;
    private final long steadyFrames;
    private final GroupPages[][] groups; // [layers][groups]
    final CachePlan plan;
    final PageMover pages;
    final SequenceProgress progress;
    final int maxPages;

    OpenSequence(PagedCache cache, CachePlan plan, FrameDevice device, PageMover pages, MemoryNeed need) {
        this.cache = cache;
        this.plan = plan;
        this.pages = pages;
        this.need = need;
        steadyFrames = need.steadyFrames();
        int maxTokens = need.maxTokens();
        maxPages = plan.options().pages(maxTokens);
        progress = new SequenceProgress(maxTokens, plan.shape().layers());
        var limits = plan.limits(maxTokens);
        groups = new GroupPages[plan.shape().layers()][plan.groups()];
        for (int layer = 0; layer < groups.length; layer++) {
            boolean managed = layer >= plan.denseLayers();
            for (int g = 0; g < plan.groups(); g++) {
                groups[layer][g] = new GroupPages(layer, g, limits[layer], device, plan.options().digest(), maxPages,
                        managed && plan.scoresIn(maxTokens), managed && plan.recallsIn(maxTokens));
            }
        }
    }

    /** The pages of the selection groups of one layer. */
    GroupPages[] groups(int layer) {
        return groups[layer];
    }

    /** The state of a page. */
    PageState state(int layer, int group, int page) {
        return pages.state(groups[layer][group], page);
    }

    int layers() {
        return groups.length;
    }

    /** Makes room for one text beside the other sequences. */
    void admitText() {
        cache.admitText(this);
        pages.grant(steadyFrames + need.promptFrames());
    }

    /** From now on the sequence holds no more than it does between steps. */
    void holdSteady() {
        pages.grant(steadyFrames);
    }

    @Override
    public MemoryNeed need() {
        return need;
    }

    @Override
    public boolean isReading() {
        return progress.isReading();
    }

    /** @throws IllegalStateException if the sequence is closed; a CopyFailedException if one of its copies has failed */
    void checkOpen() {
        progress.checkOpen();
        pages.checkUnharmed();
    }

    /** Frees everything the sequence holds. */
    void close() {
        if (progress.close()) {
            pages.close(groups);
            cache.release(this);
        }
    }
}
