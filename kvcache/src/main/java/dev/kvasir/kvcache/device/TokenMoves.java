package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single tokens in and out of frames that the host can reach. */
final class TokenMoves {
    private TokenMoves() {}

    /** See {@link KvDevice#copyTokens}. */
    static void copy(FrameArray frames, int[] from, int[] tokens, int count, int[] to) {
        var geometry = frames.geometry();
        var memory = frames.memory();
        int pageSize = geometry.pageSize();
        int headDim = geometry.headDim();
        int bytes = geometry.type().bytes();
        for (int i = 0; i < count; i++) {
            long source = frames.offset(from[tokens[i] / pageSize]);
            long target = frames.offset(to[i / pageSize]);
            int sourceSlot = tokens[i] % pageSize;
            int targetSlot = i % pageSize;
            if (source == target && sourceSlot == targetSlot) {
                continue;
            }
            for (int head = 0; head < geometry.heads(); head++) {
                long key = source + geometry.keyOffset(head, sourceSlot, 0);
                long newKey = target + geometry.keyOffset(head, targetSlot, 0);
                copyColumn(memory, key, newKey, headDim, (long) pageSize * bytes, bytes);
                MemorySegment.copy(memory, source + geometry.valueOffset(head, sourceSlot, 0), memory,
                        target + geometry.valueOffset(head, targetSlot, 0), (long) headDim * bytes);
            }
        }
    }

    private static void copyColumn(MemorySegment memory, long from, long to, int rows, long stride, int bytes) {
        if (bytes == 2) {
            for (int d = 0; d < rows; d++) {
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + d * stride,
                        memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + d * stride));
            }
        } else {
            for (int d = 0; d < rows; d++) {
                memory.set(ValueLayout.JAVA_INT_UNALIGNED, to + d * stride,
                        memory.get(ValueLayout.JAVA_INT_UNALIGNED, from + d * stride));
            }
        }
    }

    /** See {@link KvDevice#readKeys}. */
    static void readKeys(FrameArray frames, int[] list, int tokens, int head, int d, float[] values) {
        var geometry = frames.geometry();
        int pageSize = geometry.pageSize();
        for (int t = 0; t < tokens; t++) {
            values[t] = Elements.get(geometry.type(), frames.memory(),
                    frames.offset(list[t / pageSize]) + geometry.keyOffset(head, t % pageSize, d));
        }
    }
}
