package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.simd.Lanes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ShortVector;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * Parts of frames as floats in an array, where they serve all rows of a tile. A panel is as many frames side by side as
 * fill a vector: one, unless pages are smaller than the lanes.
 */
public final class PagePanel {
    private static final int LANES = FLOATS.length();

    private PagePanel() {}

    /** Frames in a panel. */
    public static int frames(PageGeometry geometry) {
        return Math.max(1, LANES / geometry.pageSize());
    }

    /** Tokens, or digested pages, in a panel. */
    public static int width(PageGeometry geometry) {
        return Math.max(geometry.pageSize(), LANES);
    }

    /**
     * Reads the first {@code rows} rows of {@code [pageSize]} of one head, keys or digests, of {@code count} frames into
     * {@code panel [rows][width]}. The columns of missing frames keep what was there.
     *
     * @param list frame numbers, from {@code first}
     */
    public static void readColumns(FrameArray frames, int[] list, int first, int count, int head, int rows,
            float[] panel,
            float[] page) {
        var geometry = frames.geometry();
        int pageSize = geometry.pageSize();
        if (pageSize >= LANES) {
            toFloats(geometry.type(), frames.memory(), frames.headOffset(list[first], head), panel, 0, rows * pageSize);
            return;
        }
        for (int i = 0; i < count; i++) {
            toFloats(geometry.type(), frames.memory(), frames.headOffset(list[first + i], head), page, 0,
                    rows * pageSize);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(page, row * pageSize, panel, row * LANES + i * pageSize, pageSize);
            }
        }
    }

    /** Reads the values of {@code tokens} tokens of one head into {@code values [tokens][stride]}, from {@code at}. */
    public static void readValues(FrameArray frames, int frame, int head, int tokens, float[] values, int at,
            int stride) {
        var geometry = frames.geometry();
        int headDim = geometry.headDim();
        long from = frames.offset(frame) + geometry.valueOffset(head, 0, 0);
        if (stride == headDim) {
            toFloats(geometry.type(), frames.memory(), from, values, at, tokens * headDim);
            return;
        }
        for (int t = 0; t < tokens; t++) {
            toFloats(geometry.type(), frames.memory(), from + (long) t * headDim * geometry.type().bytes(), values,
                    at + t * stride, headDim);
        }
    }

    private static void toFloats(KvType type, MemorySegment memory, long from, float[] to, int at, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT_UNALIGNED, from, to, at, count);
            case F16 -> halfsToFloats(memory, from, to, at, count);
            case BF16 -> bfloatsToFloats(memory, from, to, at, count);
        }
    }

    // The compiler turns this loop into the processor's own conversion, for which subnormal numbers are no slower.
    private static void halfsToFloats(MemorySegment memory, long from, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + 2L * i));
        }
    }

    private static void bfloatsToFloats(MemorySegment memory, long from, float[] to, int at, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            Lanes.bfloatToFloat(ShortVector.fromMemorySegment(Lanes.HALF_SHORTS, memory, from + 2L * i, Lanes.ORDER))
                    .intoArray(to, at + i);
        }
        for (; i < count; i++) {
            to[at + i] = Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + 2L * i) << 16);
        }
    }
}
