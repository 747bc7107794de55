package dev.kvasir.kvcache.paged.graph;

import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A staging array for one direction in one graph, with the frames its slots are copied to or from. */
final class Stage {
    final TornadoNativeArray array;
    final IntTable frames;
    final int slots;
    final MemorySegment memory;
    final long slotBytes;
    final int[] hostSlots;
    int used;

    Stage(TornadoNativeArray array, int slots) {
        this.array = array;
        this.slots = slots;
        memory = array.getSegment();
        slotBytes = memory.byteSize() / slots;
        frames = new IntTable(slots, -1);
        hostSlots = new int[slots];
    }

    void clear() {
        for (int i = 0; i < used; i++) {
            frames.set(i, -1);
        }
        used = 0;
    }
}
