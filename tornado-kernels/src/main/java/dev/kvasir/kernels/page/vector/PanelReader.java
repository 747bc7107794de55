package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.Tile;
import java.util.Arrays;

/** Reads pages of any type and shape: copies them as floats ({@link PagePanel}), then multiplies ({@link Tile}). */
public final class PanelReader extends PageReader {

    PanelReader(FrameArray frames, int dims, int rows) {
        super(frames, dims, rows);
    }

    @Override
    public void lift(float[] q, int qAt, int heads, float factor) {
        int size = heads * rows * dims;
        growQuery(size + Tile.paddedRows(1) * dims);
        for (int i = 0; i < size; i++) {
            query[i] = q[qAt + i] * factor;
        }
    }

    @Override
    public float weightFactor() {
        return 1;
    }

    @Override
    public int framesAtOnce() {
        return PagePanel.frames(geometry);
    }

    @Override
    public void scores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end) {
        int panels = (end - first + framesAtOnce() - 1) / framesAtOnce();
        for (int row = 0; row < Tile.paddedRows(rows); row++) {
            int at = row * SharedRows.STRIDE;
            Arrays.fill(scratch.scores, at, at + panels * PagePanel.width(geometry), 0f);
        }
        add(scratch, scratch.scores, list, group, head, first, end);
    }

    @Override
    public void addScores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end) {
        add(scratch, scratch.totals, list, group, head, first, end);
    }

    private void add(PageScratch scratch, float[] scores, int[] list, int group, int head, int first, int end) {
        int width = PagePanel.width(geometry);
        int panelFrames = PagePanel.frames(geometry);
        int q = (group * geometry.heads() + head) * rows * dims;
        for (int frame = first, at = 0; frame < end; frame += panelFrames, at += width) {
            PagePanel.readColumns(frames, list, frame, Math.min(panelFrames, end - frame), head, dims, scratch.panel,
                    scratch.page);
            Tile.addProduct(query, q, dims, scratch.panel, 0, width, dims, scores, at, SharedRows.STRIDE, rows, width);
        }
    }

    @Override
    void addAll(PageScratch scratch, int[] list, int tokens, int head, int first, int count) {
        int padded = Tile.paddedColumns(geometry.headDim());
        int pageSize = geometry.pageSize();
        int panelWidth = PagePanel.width(geometry);
        for (int frame = first, at = 0; at < count; at += panelWidth) {
            int panelTokens = Math.min(panelWidth, count - at);
            for (int done = 0; done < panelTokens; done += pageSize, frame++) {
                PagePanel.readValues(frames, list[frame], head, Math.min(pageSize, panelTokens - done), scratch.panel,
                        done * padded, padded);
            }
            Tile.addProduct(scratch.scores, at, SharedRows.STRIDE, scratch.panel, 0, padded, panelTokens, scratch.sums,
                    0, padded, rows, padded);
        }
    }
}
