package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import java.lang.foreign.MemorySegment;

/** Slots that the pages of one graph pass through in one direction, with the frame and host slot of each. */
final class StagingArea {
    final FrameBuffer buffer;
    final IntTable frames;
    final int slots;
    final MemorySegment memory;
    final long slotBytes;
    final int[] hostSlots;
    int used;

    StagingArea(PageGeometry page, int slots) {
        buffer = FrameBuffer.of(page, slots);
        this.slots = slots;
        memory = buffer.array().getSegment();
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
