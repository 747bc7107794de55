package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.Tile;
import java.lang.foreign.MemorySegment;

/** The memory of one worker while a {@link PageReader} reads pages for the queries that share a KV head. */
public final class PageScratch {
    /** Scores, then weights: {@code [rows][SharedRows.STRIDE]}. */
    public final float[] scores;

    /** Sums of scores over KV heads: {@code [rows][SharedRows.STRIDE]}. */
    public final float[] totals;

    final float[] sums; // of weighted values: [rows][padded headDim]
    final float[] panel; // [dims][tokens of a panel], then [tokens of a panel][padded headDim]
    final float[] page; // for pages smaller than a vector
    final MemorySegment scoresSegment;
    final MemorySegment sumsSegment;

    PageScratch(PageGeometry geometry, int dims, int rows) {
        int padded = Tile.paddedColumns(geometry.headDim());
        int paddedRows = Tile.paddedRows(rows);
        scores = new float[paddedRows * SharedRows.STRIDE];
        totals = new float[paddedRows * SharedRows.STRIDE];
        sums = new float[paddedRows * padded];
        panel = new float[PagePanel.width(geometry) * Math.max(dims, padded)];
        page = new float[geometry.pageSize() * dims];
        scoresSegment = MemorySegment.ofArray(scores);
        sumsSegment = MemorySegment.ofArray(sums);
    }
}
