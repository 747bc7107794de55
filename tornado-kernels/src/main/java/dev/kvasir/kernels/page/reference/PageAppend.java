package dev.kvasir.kernels.page.reference;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;

/** Writes the keys and values of new tokens into a frame: keys transposed, so that tokens are innermost. */
public final class PageAppend {
    private PageAppend() {}

    /**
     * Writes slots {@code slot .. slot + tokens - 1} of {@code head}.
     *
     * @param k the key of token {@code t} is {@code [heads][headDim]} from {@code offset + t * stride}
     * @param v as {@code k}
     */
    public static void append(FrameArray frames, int frame, int head, int slot, int tokens, float[] k, float[] v,
            int offset, int stride) {
        var geometry = frames.geometry();
        int headDim = geometry.headDim();
        long base = frames.offset(frame);
        for (int t = 0; t < tokens; t++) {
            int from = offset + t * stride + head * headDim;
            for (int d = 0; d < headDim; d++) {
                Elements.put(geometry.type(), frames.memory(), base + geometry.keyOffset(head, slot + t, d),
                        k[from + d]);
                Elements.put(geometry.type(), frames.memory(), base + geometry.valueOffset(head, slot + t, d),
                        v[from + d]);
            }
        }
    }
}
