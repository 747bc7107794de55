package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.paged.DecodeDecisions;
import dev.kvasir.kvcache.paged.GroupPages;
import dev.kvasir.kvcache.plan.CachePlan;

/**
 * What the graphs of a decode step are told of one layer: a row for each sequence of a step and selection group in it,
 * called a table.
 */
final class LayerTables {
    private final CachePlan layout;
    private final int layer;
    private final boolean scores;
    private final boolean recalls;

    // Before the part that appends.
    final IntTable frame; // of the new token
    final IntTable source; // pages to digest, where to, and in which lane
    final IntTable target;
    final IntTable lane;
    final IntTable digestFrames; // [tables][maxDigestFrames]
    final IntTable judged; // digests to score
    final IntTable range; // from, to, k of the pages to select

    // Before the part that attends.
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

    /** Where a group's new token goes, which page is digested, and what is judged and selected. */
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

    /** No sequence is there. */
    void openNothing(int table) {
        frame.set(table, -1);
        source.set(table, -1);
        judged.set(table, 0);
        range.set(3 * table + 2, 0);
    }

    /** What a group attends. */
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

    /** No sequence is there. */
    void listNothing(int table) {
        tokens.set(table, 0);
        lateTokens.set(table, 0);
    }
}
