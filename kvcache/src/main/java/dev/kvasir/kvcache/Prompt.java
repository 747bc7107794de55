package dev.kvasir.kvcache;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.page.PageTable;

/**
 * Reads the prompt of one sequence, layer by layer: every page gets a frame, full pages are digested and backed up while
 * the next chunks compute, attention is exact; then the layer is cut down to its budget.
 */
final class Prompt {
    private final CachePlan plan;
    private final KvDevice device;
    private final SequencePages pages;
    private final GroupPages[][] groups; // [layers][groups]
    private final FrameList[] lists;
    private final int[] kept;

    private int tokens;
    private int layer;
    private int read; // tokens read in this layer
    private final float[] lastQueries; // [prefillQueries][queryHeads][headDim] of this layer
    private final float[] importance; // by one query

    Prompt(CachePlan plan, KvDevice device, SequencePages pages, GroupPages[][] groups, int maxPages) {
        this.plan = plan;
        this.device = device;
        this.pages = pages;
        this.groups = groups;
        lists = new FrameList[plan.groups()];
        for (int g = 0; g < lists.length; g++) {
            lists[g] = new FrameList();
        }
        boolean judged = groups[groups.length - 1][0].isJudged();
        kept = new int[maxPages];
        lastQueries = new float[judged ? plan.options().prefillQueries() * plan.queryStride() : 0];
        importance = new float[judged ? maxPages : 0];
    }

    /** Starts with layer 0 of a prompt of {@code length} tokens. */
    void begin(int length) {
        tokens = length;
        layer = 0;
        read = 0;
    }

    /** Whether all layers have read it. */
    boolean isRead() {
        return layer == groups.length;
    }

    /** Appends the next tokens of a layer and attends their queries. */
    void read(int toLayer, float[] q, float[] k, float[] v, int count, float[] out) {
        append(toLayer, k, v, count);
        keepLastQueries(q, count);
        for (int g = 0; g < lists.length; g++) {
            listAll(groups[layer][g], lists[g]);
        }
        device.prefill(q, count, plan.shape().queryHeads(), read - count, lists, out);
    }

    /** Appends the next tokens of a layer. */
    void append(int toLayer, float[] k, float[] v, int count) {
        if (toLayer != layer || count < 0 || read + count > tokens) {
            throw new IllegalStateException(
                    "%d tokens for layer %d, but layer %d is being read and lacks %d".formatted(count, toLayer, layer,
                            tokens - read));
        }
        int pageSize = plan.options().pageSize();
        for (int done = 0; done < count;) {
            int slot = (read + done) % pageSize;
            int run = Math.min(pageSize - slot, count - done);
            for (var group : groups[layer]) {
                appendRun(group, (read + done) / pageSize, slot, run, k, v, done * plan.tokenStride());
            }
            done += run;
        }
        read += count;
    }

    private void appendRun(GroupPages group, int page, int slot, int run, float[] k, float[] v, int offset) {
        if (slot == 0) {
            group.table.put(page, pages.takeFrame());
            group.pages = page + 1;
        }
        int frame = group.table.frame(page);
        device.append(frame, slot, run, k, v, offset + group.group() * plan.groupStride(), plan.tokenStride());
        int pageSize = plan.options().pageSize();
        if (slot + run == pageSize) {
            pages.filled(group, page);
            if (group.isJudged() && (page + 1) * pageSize < tokens) {
                digest(device, plan, pages, group, page);
            }
        }
    }

    /** Digests a full page that has a frame. */
    static void digest(KvDevice device, CachePlan plan, SequencePages pages, GroupPages group, int page) {
        device.digest(plan.options().digest(), group.table.frame(page), group.digests.add(pages.frames),
                group.digests.lane(page));
    }

    private void listAll(GroupPages group, FrameList list) {
        int pageSize = plan.options().pageSize();
        list.clear();
        for (int i = 0; i < group.table.size(); i++) {
            list.add(group.table.frame(group.table.page(i)), Math.min(pageSize, read - i * pageSize));
        }
    }

    /** Keeps those of the queries just read that are among the prompt's last. */
    void keepLastQueries(float[] q, int count) {
        if (!groups[layer][0].isJudged()) {
            return;
        }
        int stride = plan.queryStride();
        int firstKept = tokens - queries();
        int from = Math.max(firstKept, read - count);
        if (from < read) {
            System.arraycopy(q, (from - (read - count)) * stride, lastQueries, (from - firstKept) * stride,
                    (read - from) * stride);
        }
    }

    private int queries() {
        return Math.min(plan.options().prefillQueries(), tokens);
    }

    /** Ends one layer: evicts down to the budget. */
    void end(int ofLayer) {
        if (ofLayer != layer || read != tokens) {
            throw new IllegalStateException("layer %d cannot end: layer %d is being read and lacks %d tokens".formatted(
                    ofLayer, layer, tokens - read));
        }
        pages.noteBackups();
        boolean evicts = plan.policy().evicts() && layer >= plan.denseLayers();
        for (var group : groups[layer]) {
            if (evicts && group.pages > group.limits().budget()) {
                if (group.isJudged()) {
                    judge(group);
                }
                retain(group);
            }
        }
        layer++;
        read = 0;
        if (isRead()) {
            pages.releaseLeaving();
        }
        pages.checkUnharmed();
    }

    /** The mean of what the last queries say of each page. */
    private void judge(GroupPages group) {
        int count = group.digests.digests();
        int queryOffset = group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim();
        int queries = queries();
        score(group, queryOffset, group.importance);
        for (int i = 1; i < queries; i++) {
            score(group, i * plan.queryStride() + queryOffset, importance);
            for (int page = 0; page < count; page++) {
                group.importance[page] += importance[page];
            }
        }
        if (queries > 1) {
            for (int page = 0; page < count; page++) {
                group.importance[page] /= queries;
            }
        }
        group.judged = count;
    }

    private void score(GroupPages group, int queryOffset, float[] result) {
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                group.digests.digests(), lastQueries, queryOffset, plan.queryHeadsPerGroup(), result);
    }

    private void retain(GroupPages group) {
        int keep = plan.policy().retain(group, kept) - 1;
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
