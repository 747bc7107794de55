package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.paged.GroupPages;
import dev.kvasir.kvcache.plan.CachePlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The results of scoring one layer in a decode step: the importance of each page, and the winners. */
final class Selection {
    private final CachePlan layout;
    private final MemorySegment memory;
    final FloatArray importance; // [tables][maxDigests]
    final IntArray keys; // as importance, scratch
    final IntTable winners; // [tables][maxWinners]
    final IntTable counts; // [tables]

    /** @param used whether any layer is scored; if not, the arrays are minimal */
    Selection(CachePlan layout, boolean used) {
        this.layout = layout;
        int tables = layout.sequences() * layout.groups();
        importance = new FloatArray(used ? tables * layout.maxDigests() : 1);
        memory = importance.getSegment();
        keys = new IntArray(importance.getSize());
        winners = new IntTable(used ? tables * layout.maxWinners() : 1, 0);
        counts = new IntTable(tables, 0);
    }

    /** Copies the importances and winners of a table to its group. */
    void copyTo(GroupPages group, int table, LayerTables tables) {
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 4L * table * layout.maxDigests(), group.importances(), 0,
                group.digests());
        int count = counts.get(table);
        winners.take(table * layout.maxWinners(), group.offer(tables.range.get(3 * table),
                tables.range.get(3 * table + 1), tables.range.get(3 * table + 2), count), count);
    }
}
