package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CachePlan;
import java.util.Arrays;

/**
 * The decisions of reading a text, layer by layer and in chunks, into a sequence that is empty or not: every new page gets
 * a frame; full pages are digested and backed up while the next chunks compute; at the end of a layer the cache evicts
 * down to the budget. For each chunk of a layer the caller calls {@link #open}, {@link #openDigests} and, when the tokens
 * are in their frames, {@link #appended}; then {@link #end} for the layer.
 *
 * <p>A chunk attends to all that the sequence holds. Pages that were evicted before come back: all of them for the whole
 * layer, or, if the layer may not hold so many, {@link #streams part by part} for each chunk.
 */
public final class PromptDecisions {
    private final OpenSequence sequence;
    private final CachePlan plan;
    private final PageMover pages;
    private final FrameList[] lists; // [groups]
    private final int[] before; // [groups]
    private final int[] kept;
    private final int pageSize;

    private int start; // tokens before the text
    private int tokens; // of the text
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
        before = new int[plan.groups()];
    }

    /** Announces a text of {@code length} tokens. */
    public void begin(int length) {
        sequence.checkOpen();
        sequence.progress.checkText(length);
        sequence.admitText(plan.options().pages(sequence.progress.length() + length));
        start = sequence.progress.length();
        tokens = length;
        layer = 0;
        read = 0;
        chunk = 0;
        sequence.progress.textBegins(length);
        pages.noteBackups();
    }

    /** @throws IllegalStateException if no text is being read */
    void check() {
        sequence.checkOpen();
        sequence.progress.checkReading();
    }

    /** The pages of the selection groups of one layer. */
    public GroupPages[] groups(int ofLayer) {
        return sequence.groups(ofLayer);
    }

    /** Position of the first token of the open chunk. */
    public int first() {
        return start + read - chunk;
    }

    /** Position behind the last token of the open chunk. */
    public int end() {
        return start + read;
    }

    /** Position behind the last token of the text. */
    private int endOfText() {
        return start + tokens;
    }

    /**
     * Opens the next chunk of a layer: its pages get frames. Before the first chunk the pages without a frame begin to
     * come back, unless chunks choose for themselves or {@link #streams stream} them.
     */
    public void open(int ofLayer, int count) {
        check();
        if (ofLayer != layer || count < 0 || read + count > tokens) {
            throw new IllegalStateException(
                    "%d tokens for layer %d, but layer %d is being read and lacks %d".formatted(count, ofLayer, layer,
                            tokens - read));
        }
        boolean isFirst = read == 0;
        read += count;
        chunk = count;
        for (var group : groups(layer)) {
            if (isFirst && !selects(group) && !holdsPart(group)) {
                recallAll(group);
            }
            makeRoom(group);
            for (int page = group.pages; page * pageSize < end(); page++) {
                group.table.put(page, pages.takeFrame());
                group.pages = page + 1;
            }
        }
    }

    private void recallAll(GroupPages group) {
        for (int page = 0; page < group.full && group.table.size() < group.pages; page++) {
            recall(group, page);
        }
    }

    private void recall(GroupPages group, int page) {
        if (!group.table.contains(page) && group.canReturn(page)) {
            pages.recall(group, page, pages.takeFrame());
        }
    }

    /** Whether a group may hold only a part of its pages while it reads the text. */
    private boolean holdsPart(GroupPages group) {
        return group.isBackedUp() && group.layer() >= plan.denseLayers()
                && plan.mostReading(group.limits()) < Math.ceilDiv(endOfText(), pageSize);
    }

    /** Evicts the oldest pages, sinks aside, until the chunk and the parts of a stream fit. */
    private void makeRoom(GroupPages group) {
        if (!holdsPart(group)) {
            return;
        }
        int opening = Math.ceilDiv(end(), pageSize) - group.pages;
        int most = plan.mostReading(group.limits()) - plan.streamPages(group.limits()) - opening;
        int sinks = group.limits().sinks();
        while (group.table.size() > most && group.table.page(sinks) < group.full) {
            pages.evictLater(group, group.table.page(sinks));
        }
    }

    /** The most tokens of a chunk that this layer has room for. */
    int mostTokens(int ofLayer) {
        var limits = groups(ofLayer)[0].limits();
        return holdsPart(groups(ofLayer)[0])
                ? (plan.mostReading(limits) - plan.streamPages(limits) - limits.budget() - 1) * pageSize
                : tokens;
    }

    /**
     * Selects pages for the open chunk by importances for its last queries, and begins the recalls of those without a
     * frame; no page leaves. Only if {@link #selects}.
     */
    void select(GroupPages group) {
        group.judged = group.digests.digests();
        group.winnerCount = plan.policy().select(group, group.winners);
        group.withdrawOffer();
        for (int i = 0; i < group.winnerCount; i++) {
            recall(group, group.winners[i]);
        }
    }

    /** Whether the open chunk selects pages of its layer by its own queries. */
    boolean selects() {
        return selects(groups(layer)[0]);
    }

    private boolean selects(GroupPages group) {
        return plan.options().extend() == Extend.SELECT && start > 0 && group.isJudged()
                && Math.ceilDiv(endOfText(), pageSize) > group.limits().budget();
    }

    /** Whether pages without a frame have no digest, because their backups are those of another sequence. */
    boolean lacksDigests() {
        for (var group : groups(layer)) {
            for (int page = group.digests.digests(); group.isJudged() && page < first() / pageSize; page++) {
                if (!group.table.contains(page)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Gives the full pages of a part places for their digests. */
    void openDigests(int part) {
        int end = Math.min((part + 1) * plan.partTokens(), first()) / pageSize;
        for (var group : groups(layer)) {
            group.firstNewDigest = group.digests.digests();
            for (int page = group.firstNewDigest; page < end; page++) {
                group.digests.add(pages.frames);
            }
        }
    }

    /** Gives each full page a place for its digest, if more tokens follow; those of another sequence have come. */
    public void openDigests() {
        pages.awaitRecalls();
        for (var group : groups(layer)) {
            group.firstNewDigest = group.digests.digests();
            for (int page = group.firstNewDigest; (page + 1) * pageSize <= end(); page++) {
                if (group.isJudged() && (page + 1) * pageSize < endOfText()) {
                    group.digests.add(pages.frames);
                }
            }
        }
    }

    /** The chunk is in its frames, or the graph about to run stores it: the pages that it fills are backed up. */
    public void appended() {
        for (var group : groups(layer)) {
            for (int page = group.full; (page + 1) * pageSize <= end(); page++) {
                pages.filled(group, page);
            }
        }
    }

    /**
     * Waits for the pages that come back, and lists the frames of all tokens read so far; {@code [groups]}, overwritten by
     * the next call.
     */
    public FrameList[] list() {
        pages.awaitRecalls();
        for (var group : groups(layer)) {
            list(group, 0, group.pages);
        }
        return lists;
    }

    /**
     * Tokens of each list of {@link #list} before the first of the open chunk: all before it, less those that are gone or
     * not selected; {@code [groups]}, overwritten by the next call.
     */
    public int[] before() {
        for (var group : groups(layer)) {
            before[group.group()] = (group.table.size() - 1) * pageSize + (end() - 1) % pageSize + 1 - chunk;
        }
        return before;
    }

    private void list(GroupPages group, int from, int to) {
        var list = lists[group.group()];
        list.clear();
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            if (page >= from && page < to) {
                list.add(group.table.frame(page), Math.min(pageSize, end() - page * pageSize));
            }
        }
    }

    /**
     * Whether the open chunk has more before it than the layer may hold: then the caller attends {@link #parts} parts, one
     * after the other, in place of {@link #list}.
     */
    boolean streams() {
        var group = groups(layer)[0];
        return holdsPart(group) && !selects(group) && group.table.size() < Math.ceilDiv(end(), pageSize);
    }

    /** Parts of the open chunk; the last one holds the chunk itself. */
    int parts() {
        return first() / plan.partTokens() + 1;
    }

    /** Position of the first token of a part. */
    int startOfPart(int part) {
        return part * plan.partTokens();
    }

    /** Starts the copies of the pages of a part that have no frame. */
    void beginPart(int part) {
        int partPages = plan.partTokens() / pageSize;
        int end = part == parts() - 1 ? first() / pageSize : (part + 1) * partPages;
        for (var group : groups(layer)) {
            for (int page = part * partPages; page < end; page++) {
                if (!group.table.contains(page)) {
                    pages.stream(part & 1, group, page, pages.takeFrame());
                }
            }
        }
    }

    /** Waits for the copies of a part and lists its frames; {@code [groups]}, overwritten by the next call. */
    FrameList[] listPart(int part) {
        pages.awaitStream(part & 1);
        int partPages = plan.partTokens() / pageSize;
        for (var group : groups(layer)) {
            list(group, part * partPages, part == parts() - 1 ? group.pages : (part + 1) * partPages);
        }
        return lists;
    }

    /** The pages of a part have been attended: those that came for it leave again. */
    void endPart(int part) {
        pages.endStream(part & 1);
    }

    /** How many of the text's last queries score its pages. */
    public int judgingQueries() {
        return Math.min(plan.options().prefillQueries(), tokens);
    }

    /** Position of the first query that scores pages. */
    public int firstJudging() {
        return endOfText() - judgingQueries();
    }

    /** Whether the text's last queries must score the pages of the layer before {@link #end}. */
    public boolean isJudgedAtEnd() {
        var group = groups(layer)[0];
        return isCutAtEnd(group) && group.isJudged();
    }

    /** The pages of a group have been scored by the text's last queries. */
    public void judged(GroupPages group) {
        group.judged = group.digests();
    }

    private boolean isCutAtEnd(GroupPages group) {
        int reachable = plan.policy().recalls() ? group.pages : group.table.size();
        return plan.policy().evicts() && layer >= plan.denseLayers() && reachable > group.limits().budget();
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
        pages.awaitRecalls();
        pages.noteBackups();
        for (var group : groups(layer)) {
            group.winnerCount = 0;
            if (isCutAtEnd(group)) {
                retain(group);
            }
        }
        pages.awaitRecalls();
        layer++;
        read = 0;
        chunk = 0;
        boolean isLast = layer == sequence.layers();
        if (isLast) {
            pages.releaseLeaving();
        }
        pages.checkUnharmed();
        if (isLast) {
            sequence.progress.textEnds();
            sequence.texts.ended();
            sequence.holdSteady();
        }
    }

    private void retain(GroupPages group) {
        int count = plan.evicting().retain(group, kept);
        int keep = count - 1;
        for (int i = group.table.size() - 1; i >= 0; i--) {
            int page = group.table.page(i);
            while (keep >= 0 && kept[keep] > page) {
                keep--;
            }
            if (keep < 0 || kept[keep] != page) {
                pages.evictLater(group, page);
            }
        }
        for (int i = 0; i < count; i++) {
            if (kept[i] < group.full) {
                recall(group, kept[i]);
            }
        }
        if (group.table.size() != count || count > group.limits().budget() || !group.table.contains(group.pages - 1)) {
            throw new IllegalStateException(
                    "policy %s keeps %d pages of %d within a budget of %d: they must ascend, not be gone, include the newest and fit"
                            .formatted(plan.policy().name(), count, group.pages, group.limits().budget()));
        }
    }
}
