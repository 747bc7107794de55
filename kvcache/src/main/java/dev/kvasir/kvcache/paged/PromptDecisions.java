package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.page.PageTable;
import dev.kvasir.kvcache.plan.CachePlan;
import java.util.Arrays;

/**
 * The decisions of reading a prompt, layer by layer and in chunks: every page gets a frame; full pages are digested and
 * backed up while the next chunks compute; at the end of a layer the cache evicts down to the budget. For each chunk of a
 * layer the caller calls {@link #open}, {@link #openDigests} and, when the tokens are in their frames,
 * {@link #appended}; then {@link #end} for the layer.
 */
public final class PromptDecisions {
    private final OpenSequence sequence;
    private final CachePlan plan;
    private final PageMover pages;
    private final FrameList[] lists; // [groups]
    private final int[] kept;
    private final int pageSize;

    private int tokens;
    private int layer;
    private int read; // tokens read in this layer, those of the open chunk included
    private int chunk; // tokens of the open chunk

    PromptDecisions(OpenSequence sequence) {
        this.sequence = sequence;
        plan = sequence.plan;
        pages = sequence.pages;
        pageSize = plan.options().pageSize();
        kept = new int[sequence.maxPages];
        lists = new FrameList[plan.groups()];
        Arrays.setAll(lists, g -> new FrameList());
    }

    /** Announces a prompt of {@code length} tokens; only on an empty sequence. */
    public void begin(int length) {
        sequence.checkOpen();
        sequence.progress.checkPrompt(length);
        sequence.admitPrompt();
        tokens = length;
        layer = 0;
        read = 0;
        chunk = 0;
        sequence.progress.promptBegins(length);
    }

    /** @throws IllegalStateException if no prompt is being read */
    void check() {
        sequence.checkOpen();
        sequence.progress.checkPrompting();
    }

    /** The pages of the selection groups of one layer. */
    public GroupPages[] groups(int ofLayer) {
        return sequence.groups(ofLayer);
    }

    /** Tokens of the whole prompt. */
    public int tokens() {
        return tokens;
    }

    /** Position of the first token of the open chunk. */
    public int first() {
        return read - chunk;
    }

    /** Position behind the last token of the open chunk. */
    public int end() {
        return read;
    }

    /** Opens the next chunk of a layer: its pages get frames. */
    public void open(int ofLayer, int count) {
        check();
        if (ofLayer != layer || count < 0 || read + count > tokens) {
            throw new IllegalStateException(
                    "%d tokens for layer %d, but layer %d is being read and lacks %d".formatted(count, ofLayer, layer,
                            tokens - read));
        }
        for (var group : groups(layer)) {
            for (int page = group.pages; page * pageSize < read + count; page++) {
                group.table.put(page, pages.takeFrame());
                group.pages = page + 1;
            }
        }
        read += count;
        chunk = count;
    }

    /** Gives each page that the chunk fills a place for its digest, if more tokens follow. */
    public void openDigests() {
        for (var group : groups(layer)) {
            group.firstNewDigest = group.digests.digests();
            for (int page = first() / pageSize; (page + 1) * pageSize <= read; page++) {
                if (group.isJudged() && (page + 1) * pageSize < tokens) {
                    group.digests.add(pages.frames);
                }
            }
        }
    }

    /** The chunk is in its frames, or the graph about to run stores it: the pages that it fills are backed up. */
    public void appended() {
        for (var group : groups(layer)) {
            for (int page = first() / pageSize; (page + 1) * pageSize <= read; page++) {
                pages.filled(group, page);
            }
        }
    }

    /** Lists the frames of all tokens read so far; {@code [groups]}, overwritten by the next call. */
    public FrameList[] list() {
        for (var group : groups(layer)) {
            var list = lists[group.group()];
            list.clear();
            for (int i = 0; i < group.table.size(); i++) {
                list.add(group.table.frame(group.table.page(i)), Math.min(pageSize, read - i * pageSize));
            }
        }
        return lists;
    }

    /** How many of the prompt's last queries score its pages. */
    public int judgingQueries() {
        return Math.min(plan.options().prefillQueries(), tokens);
    }

    /** Whether the prompt's last queries must score the pages of the layer before {@link #end}. */
    public boolean isJudgedAtEnd() {
        var group = groups(layer)[0];
        return isCutAtEnd(group) && group.isJudged();
    }

    /** The pages of a group have been scored by the prompt's last queries. */
    public void judged(GroupPages group) {
        group.judged = group.digests();
    }

    private boolean isCutAtEnd(GroupPages group) {
        return plan.policy().evicts() && layer >= plan.denseLayers() && group.pages > group.limits().budget();
    }

    /** @throws IllegalStateException unless this layer is being read and all its tokens are */
    void checkRead(int ofLayer) {
        check();
        if (ofLayer != layer || read != tokens) {
            throw new IllegalStateException("layer %d cannot end: layer %d is being read and lacks %d tokens".formatted(
                    ofLayer, layer, tokens - read));
        }
    }

    /** Ends one layer, whose pages have been scored if {@link #isJudgedAtEnd}: evicts down to the budget. */
    public void end(int ofLayer) {
        checkRead(ofLayer);
        pages.noteBackups();
        for (var group : groups(layer)) {
            if (isCutAtEnd(group)) {
                retain(group);
            }
        }
        layer++;
        read = 0;
        chunk = 0;
        boolean isLast = layer == sequence.layers();
        if (isLast) {
            pages.releaseLeaving();
        }
        pages.checkUnharmed();
        if (isLast) {
            sequence.progress.promptEnds();
            sequence.holdSteady();
        }
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
