package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.Tile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One way to read pages, or digests of pages, for the query heads that share a KV head. It is chosen once, for the type
 * and shape of the pages and this machine: machine code ({@link CodeReader}), f16 numbers without decoding
 * ({@link HalvesReader}), or a copy as floats ({@link PanelReader}).
 *
 * <p>One call reads the pages of a chunk, so the choice costs nothing. A caller sets the queries by {@link #lift}; several
 * workers may then read, each with a {@link PageScratch} of its own.
 */
public abstract sealed class PageReader permits PanelReader, HalvesReader, CodeReader {
    final FrameArray frames;
    final PageGeometry geometry;
    final int dims; // elements of a key, or rows of a digest
    final int rows; // queries that share a KV head
    float[] query = {};
    MemorySegment querySegment = MemorySegment.NULL; // of query

    PageReader(FrameArray frames, int dims, int rows) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.dims = dims;
        this.rows = rows;
    }

    /**
     * The best reader of keys and values for this machine.
     *
     * @param rows query heads that share a KV head
     */
    public static PageReader ofPages(FrameArray frames, int rows) {
        return of(frames, frames.geometry().headDim(), rows, true);
    }

    /**
     * The best reader of digests for this machine: it has scores, and no values.
     *
     * @param dims rows of a digest
     * @param rows rows of coefficients for each KV head
     */
    public static PageReader ofDigests(FrameArray frames, int dims, int rows) {
        return of(frames, dims, rows, false);
    }

    private static PageReader of(FrameArray frames, int dims, int rows, boolean hasValues) {
        return CodeReader.of(frames, dims, rows, hasValues)
                .<PageReader>map(reader -> reader)
                .orElseGet(() -> PageHalves.reads(frames.geometry())
                        ? new HalvesReader(frames, dims, rows)
                        : new PanelReader(frames, dims, rows));
    }

    /** Scratch memory for one worker. */
    public final PageScratch newScratch() {
        return new PageScratch(geometry, dims, rows);
    }

    /** Elements of a query. */
    public final int dims() {
        return dims;
    }

    /** Queries that share a KV head. */
    public final int rows() {
        return rows;
    }

    /**
     * Takes the queries of a call, multiplied with a factor, in the form in which this reader needs them.
     *
     * @param q {@code [heads][rows][dims]} from {@code qAt}
     * @param heads KV heads of all selection groups
     */
    public abstract void lift(float[] q, int qAt, int heads, float factor);

    /** The power of two that {@link #addValues} needs weights to be multiplied with. */
    public abstract float weightFactor();

    /** Frames that it reads side by side. */
    public abstract int framesAtOnce();

    /**
     * Writes the scores {@code q.k} of the tokens of frames {@code first .. end - 1} of a list to
     * {@link PageScratch#scores}, or those of as many digests.
     *
     * @param list frame numbers in page order
     * @param tokens tokens, or digests, in all frames of the list
     * @param group the selection group of the list
     * @param head the KV head within the frame
     */
    public abstract void scores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end);

    /** Adds the scores to {@link PageScratch#totals}; otherwise as {@link #scores}. */
    public void addScores(PageScratch scratch, int[] list, int tokens, int group, int head, int first, int end) {
        scores(scratch, list, tokens, group, head, first, end);
        int columns = (end - first) * geometry.pageSize();
        for (int row = 0; row < rows; row++) {
            for (int i = row * SharedRows.STRIDE; i < row * SharedRows.STRIDE + columns; i++) {
                scratch.totals[i] += scratch.scores[i];
            }
        }
    }

    /**
     * Adds the values of tokens, each times its weight in {@link PageScratch#scores}; {@link #takeSums} has the results.
     *
     * @param first the frame of the list that the tokens begin in
     * @param count tokens, at least 1
     */
    public final void addValues(PageScratch scratch, int[] list, int tokens, int head, int first, int count) {
        Arrays.fill(scratch.sums, 0f);
        addAll(scratch, list, tokens, head, first, count);
    }

    abstract void addAll(PageScratch scratch, int[] list, int tokens, int head, int first, int count);

    /** Writes the sums of weighted values of one row to {@code out [headDim]} from {@code to}. */
    public void takeSums(PageScratch scratch, int row, float[] out, int to) {
        int headDim = geometry.headDim();
        System.arraycopy(scratch.sums, row * Tile.paddedColumns(headDim), out, to, headDim);
    }

    /** Queries laid out as {@link PageHalves} and machine code read them. */
    final void liftSideBySide(float[] q, int qAt, int heads, float factor) {
        int size = SharedRows.lifted(rows) * dims;
        growQuery(heads * size);
        for (int head = 0; head < heads; head++) {
            SharedRows.lift(q, qAt + head * rows * dims, rows, dims, factor, query, head * size);
        }
    }

    final int queryOf(int group, int head) {
        return (group * geometry.heads() + head) * SharedRows.lifted(rows) * dims;
    }

    final void growQuery(int size) {
        if (query.length < size) {
            query = new float[size];
            querySegment = MemorySegment.ofArray(query);
        }
    }

    final long values(int frame, int head) {
        return frames.offset(frame) + geometry.valueOffset(head, 0, 0);
    }
}
