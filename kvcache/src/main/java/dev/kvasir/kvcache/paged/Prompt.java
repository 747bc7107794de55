package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.page.PageTable;
import dev.kvasir.kvcache.plan.CachePlan;

/**
 * The decisions of reading a prompt, layer by layer: every page gets a frame, full pages are digested and backed up while
 * the next chunks compute; then the layer is cut down to its budget.
 */
final class Prompt {
    private final CachePlan plan;
    private final PageMover pages;
    private final GroupPages[][] groups; // [layers][groups]
    private final int[] kept;
    private final int pageSize;

    private int tokens;
    private int layer;
    private int read; // tokens read in this layer, those of the open chunk included
    private int chunk; // tokens of the open chunk

    Prompt(CachePlan plan, PageMover pages, GroupPages[][] groups, int maxPages) {
        this.plan = plan;
        this.pages = pages;
        this.groups = groups;
        pageSize = plan.options().pageSize();
        kept = new int[maxPages];
    }

    /** Starts with layer 0 of a prompt of {@code length} tokens. */
    void begin(int length) {
        tokens = length;
        layer = 0;
        read = 0;
        chunk = 0;
    }

    /** Whether all layers have read it. */
    boolean isRead() {
        return layer == groups.length;
    }

    /** Tokens of the whole prompt. */
    int tokens() {
        return tokens;
    }

    /** Position of the first token of the open chunk. */
    int first() {
        return read - chunk;
    }

    /** Position behind the last token of the open chunk. */
    int end() {
        return read;
    }

    /** Opens the next chunk of a layer: its pages get frames. */
    void open(int ofLayer, int count) {
        if (ofLayer != layer || count < 0 || read + count > tokens) {
            throw new IllegalStateException(
                    "%d tokens for layer %d, but layer %d is being read and lacks %d".formatted(count, ofLayer, layer,
                            tokens - read));
        }
        for (var group : groups[layer]) {
            for (int page = group.pages; page * pageSize < read + count; page++) {
                group.table.put(page, pages.takeFrame());
                group.pages = page + 1;
            }
        }
        read += count;
        chunk = count;
    }

    /** Gives the pages that the chunk fills a place for their digests, if others follow. */
    void openDigests() {
        for (var group : groups[layer]) {
            group.firstNewDigest = group.digests.digests();
            for (int page = first() / pageSize; (page + 1) * pageSize <= read; page++) {
                if (group.isJudged() && (page + 1) * pageSize < tokens) {
                    group.digests.add(pages.frames);
                }
            }
        }
    }

    /** The chunk is in its frames: pages it filled are backed up. */
    void filled() {
        for (var group : groups[layer]) {
            for (int page = first() / pageSize; (page + 1) * pageSize <= read; page++) {
                pages.filled(group, page);
            }
        }
    }

    /** Lists the frames of all tokens read so far. */
    void list(FrameList[] lists) {
        for (var group : groups[layer]) {
            var list = lists[group.group()];
            list.clear();
            for (int i = 0; i < group.table.size(); i++) {
                list.add(group.table.frame(group.table.page(i)), Math.min(pageSize, read - i * pageSize));
            }
        }
    }

    /** How many of the prompt's last queries judge its pages. */
    int queries() {
        return Math.min(plan.options().prefillQueries(), tokens);
    }

    /** Whether the end of this layer asks what the last queries say of each page. */
    boolean isJudgedAtEnd() {
        var group = groups[layer][0];
        return isCutAtEnd(group) && group.isJudged();
    }

    private boolean isCutAtEnd(GroupPages group) {
        return plan.policy().evicts() && layer >= plan.denseLayers() && group.pages > group.limits().budget();
    }

    /** All tokens of a layer are read. */
    void checkRead(int ofLayer) {
        if (ofLayer != layer || read != tokens) {
            throw new IllegalStateException("layer %d cannot end: layer %d is being read and lacks %d tokens".formatted(
                    ofLayer, layer, tokens - read));
        }
    }

    /** Ends one layer, whose pages have been judged if they are to be: evicts down to the budget. */
    void end(int ofLayer) {
        checkRead(ofLayer);
        pages.noteBackups();
        for (var group : groups[layer]) {
            if (isCutAtEnd(group)) {
                retain(group);
            }
        }
        layer++;
        read = 0;
        chunk = 0;
        if (isRead()) {
            pages.releaseLeaving();
        }
        pages.checkUnharmed();
    }

    private void retain(GroupPages group) {
        int keep = plan.evicting().retain(group, kept) - 1;
        for (int page = group.pages - 1; page >= 0; page--) {
            if (keep >= 0 && kept[keep] == page) {
                keep--;
            } else {
                pages.evictLater(group, page);
            }
        }
        if (keep >= 0 || group.table.size() > group.limits().budget() || group.table.frame(
                group.pages - 1) == PageTable.ABSENT) {
            throw new IllegalStateException(
                    "policy %s keeps %d pages of %d within a budget of %d: they must ascend, include the newest and fit"
                            .formatted(plan.policy().name(), group.table.size(), group.pages, group.limits().budget()));
        }
    }
}
