package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.paged.GroupPages;
import dev.kvasir.kvcache.plan.CachePlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the graphs of a decode step tell of one layer: the importance of its pages, and which won. */
final class Selection {
    private final CachePlan layout;
    private final MemorySegment memory;
    final FloatArray importance; // [tables][maxDigests]
    final IntArray keys; // as importance, scratch
    final IntTable winners; // [tables][maxWinners]
    final IntTable counts; // [tables]

    /** @param used whether anything is ever selected here */
    Selection(CachePlan layout, boolean used) {
        this.layout = layout;
        int tables = layout.sequences() * layout.groups();
        importance = new FloatArray(used ? tables * layout.maxDigests() : 1);
        memory = importance.getSegment();
        keys = new IntArray(importance.getSize());
        winners = new IntTable(used ? tables * layout.maxWinners() : 1, 0);
        counts = new IntTable(tables, 0);
    }

    /** Gives a group what the device has found out of its pages, in the range that it was told. */
    void giveTo(GroupPages group, int table, LayerTables told) {
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 4L * table * layout.maxDigests(), group.importances(), 0,
                group.digests());
        int count = counts.get(table);
        winners.take(table * layout.maxWinners(), group.offer(told.range.get(3 * table),
                told.range.get(3 * table + 1), told.range.get(3 * table + 2), count), count);
    }
}
