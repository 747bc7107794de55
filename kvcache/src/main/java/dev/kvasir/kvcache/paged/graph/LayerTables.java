package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.paged.DecodeDecisions;
import dev.kvasir.kvcache.paged.GroupPages;
import dev.kvasir.kvcache.plan.CachePlan;

/**
 * The tables that the host writes for one layer before the graphs of a decode step: one row, called a table, for each
 * sequence of the step and each of its selection groups.
 */
final class LayerTables {
    private final CachePlan layout;
    private final int layer;
    private final boolean scores;
    private final boolean recalls;

    // Read by the tasks that append.
    final IntTable frame; // of the new token
    final IntTable source; // pages to digest, where to, and in which lane
    final IntTable target;
    final IntTable lane;
    final IntTable digestFrames; // [tables][maxDigestFrames]
    final IntTable judged; // digests to score
    final IntTable range; // from, to, k of the pages to select

    // Read by the tasks that attend.
    final int maxResident;
    final IntTable list; // [tables][maxResident]
    final IntTable tokens;
    final IntTable lateList; // [tables][maxWinners]
    final IntTable lateTokens;

    LayerTables(CachePlan layout, int layer) {
        this.layout = layout;
        this.layer = layer;
        scores = layout.scores(layer);
        recalls = layout.recalls(layer);
        int tables = layout.sequences() * layout.groups();
        frame = new IntTable(tables, -1);
        source = new IntTable(tables, -1);
        target = new IntTable(tables * layout.digestFramesEach(), 0);
        lane = new IntTable(tables, 0);
        digestFrames = new IntTable(scores ? tables * layout.maxDigestFrames() : 1, 0);
        judged = new IntTable(tables, 0);
        range = new IntTable(3 * tables, 0);
        maxResident = layout.maxResident(layer);
        list = new IntTable(tables * maxResident, 0);
        tokens = new IntTable(tables, 0);
        lateList = new IntTable(recalls ? tables * layout.maxWinners() : 1, 0);
        lateTokens = new IntTable(tables, 0);
    }

    /** Writes the frame of the new token, the page to digest, and the pages to score and select. */
    void open(int table, DecodeDecisions sequence, GroupPages group) {
        frame.set(table, group.frame(sequence.page()));
        if (!scores) {
            return;
        }
        int digested = group.firstNewDigest();
        boolean isNew = digested < group.digests();
        source.set(table, isNew ? group.frame(digested) : -1);
        if (isNew) {
            int each = layout.digestFramesEach();
            target.put(table * each, group.digestFrames(), digested / layout.options().pageSize() * each, each);
            lane.set(table, digested % layout.options().pageSize());
        }
        boolean chooses = sequence.chooses(layer);
        judged.set(table, chooses ? group.digests() : 0);
        range.set(3 * table, group.limits().sinks());
        range.set(3 * table + 1, group.pages() - group.limits().window());
        range.set(3 * table + 2, chooses ? group.limits().selected() : 0);
        if (chooses) {
            digestFrames.put(table * layout.maxDigestFrames(), group.digestFrames(),
                    Math.min(group.digestFrames().length, layout.maxDigestFrames()));
        }
    }

    /** As {@link #open} for a table without a sequence. */
    void openNothing(int table) {
        frame.set(table, -1);
        source.set(table, -1);
        judged.set(table, 0);
        range.set(3 * table + 2, 0);
    }

    /** Writes the frames that a group attends. */
    void list(int table, FrameList residents, FrameList recalled) {
        put(residents, list, table * maxResident, tokens, table);
        if (recalls) {
            put(recalled, lateList, table * layout.maxWinners(), lateTokens, table);
        }
    }

    private void put(FrameList from, IntTable to, int at, IntTable counts, int table) {
        to.put(at, from.frames(), from.size());
        counts.set(table,
                from.size() == 0 ? 0 : (from.size() - 1) * layout.options().pageSize() + from.tokensInLast());
    }

    /** As {@link #list} for a table without a sequence. */
    void listNothing(int table) {
        tokens.set(table, 0);
        lateTokens.set(table, 0);
    }
}
