package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes the keys and values of new tokens into a frame, to the same bytes as the scalar reference: keys are transposed
 * as floats, then whole rows are converted. Not thread-safe.
 */
public final class PageAppend {
    private final FrameArray frames;
    private final PageGeometry geometry;
    private final float[] rows; // keys [headDim][tokens], or values [tokens][headDim]

    /** Writes into frames of this array. */
    public PageAppend(FrameArray frames) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.rows = new float[geometry.headDim() * geometry.pageSize()];
    }

    /**
     * Writes slots {@code slot .. slot + tokens - 1} of {@code head}.
     *
     * @param k the key of token {@code t} is {@code [heads][headDim]} from {@code offset + t * stride}
     * @param v as {@code k}
     */
    public void append(int frame, int head, int slot, int tokens, float[] k, float[] v, int offset, int stride) {
        int headDim = geometry.headDim();
        KvType type = geometry.type();
        long base = frames.offset(frame);
        for (int t = 0; t < tokens; t++) {
            int from = offset + t * stride + head * headDim;
            for (int d = 0; d < headDim; d++) {
                rows[d * tokens + t] = k[from + d];
            }
        }
        if (tokens == geometry.pageSize()) {
            fromFloats(type, rows, 0, frames.memory(), base + geometry.keyOffset(head, 0, 0), tokens * headDim);
        } else if (tokens == 1) {
            for (int d = 0; d < headDim; d++) {
                Elements.put(type, frames.memory(), base + geometry.keyOffset(head, slot, d), rows[d]);
            }
        } else {
            for (int d = 0; d < headDim; d++) {
                fromFloats(type, rows, d * tokens, frames.memory(), base + geometry.keyOffset(head, slot, d), tokens);
            }
        }
        for (int t = 0; t < tokens; t++) {
            fromFloats(type, v, offset + t * stride + head * headDim, frames.memory(),
                    base + geometry.valueOffset(head, slot + t, 0), headDim);
        }
    }

    // Loops that the compiler turns into vectors, the processor's own conversion to half floats among them.
    private static void fromFloats(KvType type, float[] from, int at, MemorySegment to, long offset, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(from, at, to, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * i, Float.floatToFloat16(from[at + i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * i, Elements.floatToBfloat16(from[at + i]));
                }
            }
        }
    }
}
