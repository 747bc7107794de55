package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.KvSequence;
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
    private int part;
    final CachePlan plan;
    final PageMover pages;
    final SequenceProgress progress;
    final SequenceText texts;
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
        texts = new SequenceText(this, cache.prefixes());
        var limits = plan.limits(maxTokens);
        groups = new GroupPages[plan.shape().layers()][plan.groups()];
        for (int layer = 0; layer < groups.length; layer++) {
            boolean managed = layer >= plan.denseLayers();
            for (int g = 0; g < plan.groups(); g++) {
                groups[layer][g] = new GroupPages(layer, g, limits[layer], device, plan.options().digest(), maxPages,
                        managed && plan.scoresIn(maxTokens), plan.backsUpIn(maxTokens, layer));
            }
        }
        if (plan.sharesFrames()) {
            hold(maxPages);
        }
    }

    /** Opens another sequence of the same cache, of up to as many tokens. */
    KvSequence openAnother() {
        return cache.open(need.maxTokens());
    }

    /** Holds what another sequence holds, which is at rest; only if this one is empty. */
    void copy(OpenSequence of, KvDevice device) {
        cache.makeRoom(this, of.pages(), false);
        progress.copy(of.progress);
        texts.copy(of.texts);
        holdSteady();
        for (int layer = 0; layer < groups.length; layer++) {
            for (int g = 0; g < groups[layer].length; g++) {
                groups[layer][g].copy(of.groups[layer][g], pages, device);
                if (plan.sharesFrames() && layer >= plan.denseLayers()) {
                    pages.shrink(groups[layer][g]);
                }
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

    /** Pages of a group now. */
    int pages() {
        return plan.options().pages(progress.length());
    }

    /** Pages that a group of a managed layer may hold, if sequences share the frames. */
    int part() {
        return part;
    }

    /** Pages that a group of a managed layer is promised, if sequences share the frames. */
    int promised() {
        return plan.promisedPages(need.maxTokens());
    }

    /** From now on groups of managed layers hold so many pages: the least important of the others leave. */
    void hold(int pagesEach) {
        if (pagesEach == part) {
            return;
        }
        part = pagesEach;
        var limits = plan.limitsOf(pagesEach);
        for (int layer = plan.denseLayers(); layer < groups.length; layer++) {
            for (var group : groups[layer]) {
                group.limit(limits);
                pages.shrink(group);
            }
        }
    }

    int layers() {
        return groups.length;
    }

    /** Makes room for one text, with which the sequence has so many pages, beside the other sequences. */
    void admitText(int pagesThen) {
        cache.admitText(this);
        cache.makeRoom(this, pagesThen, true);
        pages.grant(plan.sharesFrames() ? Long.MAX_VALUE : steadyFrames + need.promptFrames());
    }

    /** From now on the sequence holds no more than it does between steps. */
    void holdSteady() {
        pages.grant(plan.sharesFrames() ? Long.MAX_VALUE : steadyFrames);
    }

    /** Makes room for a step with which the sequence has so many pages, if sequences share the frames. */
    void makeRoom(int pagesThen) {
        cache.makeRoom(this, pagesThen, false);
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
