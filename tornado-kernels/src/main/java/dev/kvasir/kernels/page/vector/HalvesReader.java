package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.simd.HalfLift;

/** Reads pages of f16 straight from their frames, two side by side, without decoding them ({@link PageHalves}). */
public final class HalvesReader extends PageReader {

    HalvesReader(FrameArray frames, int dims, int rows) {
        super(frames, dims, rows);
    }

    @Override
    public void lift(float[] q, int qAt, int heads, float factor) {
        liftSideBySide(q, qAt, heads, factor * HalfLift.LIFT);
    }

    @Override
    public float weightFactor() {
        return HalfLift.LIFT;
    }

    @Override
    public int framesAtOnce() {
        return 2;
    }

    @Override
    public void scores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end) {
        int pageSize = geometry.pageSize();
        int q = queryOf(group, head);
        for (int frame = first, at = 0; frame < end; frame += 2, at += 2 * pageSize) {
            long keys = frames.headOffset(list[frame], head);
            long apart = frame + 1 < end ? frames.headOffset(list[frame + 1], head) - keys : 0;
            PageHalves.scores(frames.memory(), keys, apart, pageSize, dims, query, q, rows, scratch.scores, at);
        }
    }

    @Override
    void addAll(PageScratch scratch, int[] list, int tokens, int head, int first, int count) {
        var memory = frames.memory();
        int headDim = geometry.headDim();
        int pageSize = geometry.pageSize();
        float[] p = scratch.scores;
        float[] sum = scratch.sums;
        int frame = first;
        int at = 0;
        for (; at + 2 * pageSize <= count; frame += 2, at += 2 * pageSize) {
            long values = values(list[frame], head);
            long apart = frames.offset(list[frame + 1]) - frames.offset(list[frame]);
            PageHalves.addValues(memory, values, apart, headDim, pageSize, p, at, pageSize, rows, sum);
        }
        // One page and the beginning of another may be left: the two halves of each are read side by side.
        for (; at < count; frame++, at += pageSize) {
            long values = values(list[frame], head);
            int here = Math.min(pageSize, count - at);
            int half = here / 2;
            PageHalves.addValues(memory, values, 2L * headDim * half, headDim, half, p, at, half, rows, sum);
            if (here % 2 == 1) {
                PageHalves.addValue(memory, values + 2L * headDim * (here - 1), headDim, p, at + here - 1, rows, sum);
            }
        }
    }

    @Override
    public void takeSums(PageScratch scratch, int row, float[] out, int to) {
        int headDim = geometry.headDim();
        PageHalves.sorted(scratch.sums, row * headDim, headDim, out, to);
    }
}
