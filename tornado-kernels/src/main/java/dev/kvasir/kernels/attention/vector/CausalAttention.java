package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.PagePanel;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Tile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * Causal attention of a run of queries, as when a prompt is read. One item of work is a KV head and a tile of queries:
 * the queries of all heads that share the KV head are the rows of a matrix, past which the tokens go in tiles of
 * {@link #TILE_TOKENS}, with an online softmax (FlashAttention, NeurIPS 2022, algorithm 1). Workers claim the later
 * tiles first, because they see the most tokens.
 *
 * <p>A row goes through the same steps in the same order whichever tile of queries it is in, so results depend neither
 * on the workers nor on how a prompt is cut into runs. Not thread-safe.
 */
public final class CausalAttention {
    private static final int LANES = FLOATS.length();
    private static final float[] UNOBSERVED = {};
    /** Rows of a tile of queries: enough to make little of converting keys and values once a tile. */
    private static final int TILE_ROWS = 64;
    /** Tokens of a tile of keys, unless a page is larger: two tiles of floats stay in the second-level cache. */
    private static final int TILE_TOKENS = 64;

    private final FrameArray frames;
    private final PageGeometry geometry;
    private final Workers workers;
    private final Scratch[] scratch; // one a worker
    private final Workers.RangeTask attendItems = this::attendItems;

    // The call under way.
    private float[] q = {};
    private float[] out = {};
    private int tokens;
    private int queryHeads;
    private int[] before = {};
    private int partStart;
    private int partEnd;
    private @Nullable CausalState state; // null if all tokens come at once
    private int[][] lists = {};
    private float[] logits = {};
    private float[] logSums = {};
    private int logitsStride;
    private boolean few; // tokens, so that loops are plain

    private static final class Scratch {
        float[] queries = {}; // [rows][headDim], scaled
        float[] acc = {}; // [rows][padded headDim]
        float[] scores = {}; // [rows][tile tokens]
        float[] max = {}; // [rows]
        float[] sum = {}; // [rows]
        float[] panel = {}; // [headDim][panel tokens]
        float[] page = {};
        float[] values = {}; // [tile tokens][padded headDim]
        final float[] lanes = new float[LANES];
        final float[] stats = new float[2]; // a row's maximum and sum

        void grow(PageGeometry geometry, int wantedRows) {
            int rows = Tile.paddedRows(wantedRows);
            if (max.length >= rows) {
                return;
            }
            int padded = Tile.paddedColumns(geometry.headDim());
            queries = new float[rows * geometry.headDim()];
            acc = new float[rows * padded];
            scores = new float[rows * tileTokens(geometry)];
            max = new float[rows];
            sum = new float[rows];
            panel = new float[PagePanel.width(geometry) * geometry.headDim()];
            page = new float[geometry.pageSize() * geometry.headDim()];
            values = new float[tileTokens(geometry) * padded];
        }
    }

    /** Attends frames of this array with this team. */
    public CausalAttention(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        this.scratch = new Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    private static int tileTokens(PageGeometry geometry) {
        return Math.max(TILE_TOKENS, PagePanel.width(geometry));
    }

    /**
     * Attends a run of queries; query {@code i} sees the first {@code before[list] + i + 1} tokens of a list.
     *
     * @param q {@code [tokens][queryHeads][headDim]}
     * @param before tokens of each list before that of the first query
     * @param lists the frames of each selection group in page order, with at least {@code before + tokens} tokens
     * @param out receives {@code [tokens][queryHeads][headDim]}
     */
    public void attend(float[] q, int tokens, int queryHeads, int[] before, int[][] lists, float[] out) {
        attend(q, tokens, queryHeads, before, lists, out, UNOBSERVED, 0, UNOBSERVED);
    }

    /**
     * As {@code attend}, to the same bits, if the tokens come part by part, in their order. Each part but the last holds
     * tokens before the first query and fills whole tiles.
     *
     * @param before tokens before that of the first query, in all parts; one number a list, all equal
     * @param partStart tokens before those of this part; 0 begins anew
     * @param partTokens tokens of this part; the last part holds those of all queries
     * @param lists the frames of this part
     * @param state carried from part to part
     * @param out receives {@code [tokens][queryHeads][headDim]} with the last part
     */
    public void attendPart(float[] q, int tokens, int queryHeads, int[] before, int partStart, int partTokens,
            int[][] lists, CausalState state, float[] out) {
        boolean isLast = partStart + partTokens >= before[0] + tokens;
        if (!isLast && (partStart + partTokens > before[0] || partTokens % tileTokens(geometry) != 0)) {
            throw new IllegalArgumentException(
                    "a part of %d tokens from %d neither fills tiles of %d before token %d nor ends at %d".formatted(
                            partTokens, partStart, tileTokens(geometry), before[0], before[0] + tokens));
        }
        if (partStart == 0) {
            state.begin(tokens * queryHeads, Tile.paddedColumns(geometry.headDim()));
        }
        begin(q, tokens, queryHeads, before, lists, out);
        this.partStart = partStart;
        this.partEnd = isLast ? Integer.MAX_VALUE : partStart + partTokens;
        this.state = state;
        run();
    }

    /**
     * As the other {@code attend}, and leaves the scaled logits, from which {@code exp(logit - logSum)} is the weight.
     *
     * @param logits receives {@code [tokens][queryHeads][stride]}, one number for each token that the query sees; empty
     *            for nowhere
     * @param logSums receives {@code [tokens][queryHeads]}: {@code log sum_t exp(logit_t)}
     */
    public void attend(float[] q, int tokens, int queryHeads, int[] before, int[][] lists, float[] out,
            float[] logits, int stride, float[] logSums) {
        begin(q, tokens, queryHeads, before, lists, out);
        this.logits = logits;
        this.logitsStride = stride;
        this.logSums = logSums;
        run();
    }

    private void begin(float[] q, int tokens, int queryHeads, int[] before, int[][] lists, float[] out) {
        this.q = q;
        this.tokens = tokens;
        this.queryHeads = queryHeads;
        this.before = before;
        this.lists = lists;
        this.out = out;
        logits = UNOBSERVED;
        partStart = 0;
        partEnd = Integer.MAX_VALUE;
        state = null;
        int most = 0;
        for (int list = 0; list < lists.length; list++) {
            most = Math.max(most, before[list]);
        }
        few = most + tokens <= ShortPrompt.TOKENS;
    }

    private void run() {
        int rows = tileQueries() * shared();
        for (var each : scratch) {
            each.grow(geometry, rows);
        }
        workers.forEachRange(tiles() * kvHeads(), 1, attendItems);
    }

    private int kvHeads() {
        return lists.length * geometry.heads();
    }

    private int shared() {
        return queryHeads / kvHeads();
    }

    private int tileQueries() {
        return Math.max(1, TILE_ROWS / shared());
    }

    private int tiles() {
        return (tokens + tileQueries() - 1) / tileQueries();
    }

    private void attendItems(int worker, int from, int to) {
        for (int item = from; item < to; item++) {
            int tile = tiles() - 1 - item / kvHeads();
            int first = tile * tileQueries();
            attendTile(scratch[worker], first, Math.min(tokens, first + tileQueries()), item % kvHeads());
        }
    }

    private void attendTile(Scratch scratch, int firstQuery, int endQuery, int kvHead) {
        int headDim = geometry.headDim();
        int padded = Tile.paddedColumns(headDim);
        int tileTokens = tileTokens(geometry);
        int shared = shared();
        int rows = (endQuery - firstQuery) * shared;
        // A single row would be summed in another order than one of four.
        int fullRows = Tile.paddedRows(rows);
        int[] list = lists[kvHead / geometry.heads()];
        int seenByFirst = before[kvHead / geometry.heads()] + firstQuery + 1;
        int head = kvHead % geometry.heads();

        readQueries(scratch, firstQuery, endQuery, kvHead * shared, shared);
        Arrays.fill(scratch.acc, 0, fullRows * padded, 0f);
        Arrays.fill(scratch.sum, 0, rows, 0f);
        Arrays.fill(scratch.max, 0, rows, Float.NEGATIVE_INFINITY);
        if (state != null) {
            readState(scratch, state, firstQuery, kvHead * shared, rows, padded);
        }
        // tokens that the last query sees, in this part
        int visible = Math.min(seenByFirst + endQuery - firstQuery - 1, partEnd) - partStart;
        for (int first = 0; first < visible; first += tileTokens) {
            int count = Math.min(tileTokens, visible - first);
            scoreTile(scratch, list, head, first, count, fullRows, tileTokens);
            if (logits.length > 0) {
                leaveLogits(scratch.scores, firstQuery, kvHead * shared, rows, seenByFirst, first, count, tileTokens);
            }
            int width = Tile.paddedColumns(count);
            for (int row = 0; row < rows; row++) {
                int seen = seenByFirst + row / shared - partStart - first;
                softmaxRow(scratch, row, Math.min(seen, count), width, tileTokens, padded);
            }
            readValues(scratch, list, head, first, count, padded);
            addProduct(scratch.scores, 0, tileTokens, scratch.values, 0, padded, count, scratch.acc, 0, padded,
                    fullRows,
                    padded);
        }
        for (int row = 0; row < rows && logits.length > 0; row++) {
            logSums[rowAt(firstQuery, kvHead * shared, row)] = (float) (scratch.max[row]
                    + Math.log(scratch.sum[row]));
        }
        if (partEnd != Integer.MAX_VALUE && state != null) {
            writeState(scratch, state, firstQuery, kvHead * shared, rows, padded);
            return;
        }
        for (int row = 0; row < rows; row++) {
            scale(1 / scratch.sum[row], scratch.acc, row * padded, headDim);
            System.arraycopy(scratch.acc, row * padded, out, queryAt(firstQuery, kvHead * shared, row, shared),
                    headDim);
        }
    }

    /** Where row {@code row} of a tile is in {@code q} and {@code out}: rows are query after query, heads innermost. */
    private int queryAt(int firstQuery, int firstHead, int row, int shared) {
        return ((firstQuery + row / shared) * queryHeads + firstHead + row % shared) * geometry.headDim();
    }

    private int rowAt(int firstQuery, int firstHead, int row) {
        return queryAt(firstQuery, firstHead, row, shared()) / geometry.headDim();
    }

    private void readState(Scratch scratch, CausalState from, int firstQuery, int firstHead, int rows, int padded) {
        for (int row = 0; row < rows; row++) {
            int at = rowAt(firstQuery, firstHead, row);
            System.arraycopy(from.acc(), at * padded, scratch.acc, row * padded, padded);
            scratch.max[row] = from.max()[at];
            scratch.sum[row] = from.sum()[at];
        }
    }

    private void writeState(Scratch scratch, CausalState to, int firstQuery, int firstHead, int rows, int padded) {
        for (int row = 0; row < rows; row++) {
            int at = rowAt(firstQuery, firstHead, row);
            System.arraycopy(scratch.acc, row * padded, to.acc(), at * padded, padded);
            to.max()[at] = scratch.max[row];
            to.sum()[at] = scratch.sum[row];
        }
    }

    private void leaveLogits(float[] scores, int firstQuery, int firstHead, int rows, int seenByFirst, int first,
            int count, int tileTokens) {
        for (int row = 0; row < rows; row++) {
            int seen = Math.min(count, seenByFirst + row / shared() - first);
            if (seen > 0) {
                System.arraycopy(scores, row * tileTokens, logits,
                        rowAt(firstQuery, firstHead, row) * logitsStride + first, seen);
            }
        }
    }

    private void readQueries(Scratch scratch, int firstQuery, int endQuery, int firstHead, int shared) {
        int headDim = geometry.headDim();
        float scale = (float) (1 / Math.sqrt(headDim));
        for (int row = 0; row < (endQuery - firstQuery) * shared; row++) {
            System.arraycopy(q, queryAt(firstQuery, firstHead, row, shared), scratch.queries, row * headDim, headDim);
            scale(scale, scratch.queries, row * headDim, headDim);
        }
    }

    private void scoreTile(Scratch scratch, int[] list, int head, int first, int count, int rows, int tileTokens) {
        int headDim = geometry.headDim();
        int width = PagePanel.width(geometry);
        int panelFrames = PagePanel.frames(geometry);
        int frame = first / geometry.pageSize();
        int endFrame = (first + count + geometry.pageSize() - 1) / geometry.pageSize();
        Arrays.fill(scratch.scores, 0, rows * tileTokens, 0f);
        for (int at = 0; frame < endFrame; frame += panelFrames, at += width) {
            PagePanel.readColumns(frames, list, frame, Math.min(panelFrames, endFrame - frame), head, headDim,
                    scratch.panel,
                    scratch.page);
            addProduct(scratch.queries, 0, headDim, scratch.panel, 0, width, headDim, scratch.scores, at, tileTokens,
                    rows,
                    width);
        }
    }

    private void readValues(Scratch scratch, int[] list, int head, int first, int count, int padded) {
        int pageSize = geometry.pageSize();
        int frame = first / pageSize;
        for (int done = 0; done < count; done += pageSize, frame++) {
            PagePanel.readValues(frames, list[frame], head, Math.min(pageSize, count - done), scratch.values,
                    done * padded,
                    padded);
        }
    }

    /** Turns the scores of a row into weights relative to the largest score so far, and what was summed before likewise. */
    private void softmaxRow(Scratch scratch, int row, int seen, int width, int tileTokens, int padded) {
        int at = row * tileTokens;
        if (seen <= 0) {
            Arrays.fill(scratch.scores, at, at + width, 0f);
            return;
        }
        float before = scratch.max[row];
        if (few) {
            ShortPrompt.weights(scratch.scores, at, seen, width, before, scratch.lanes, scratch.stats, 0);
        } else {
            RowSoftmax.weights(scratch.scores, at, seen, width, before, 1, scratch.lanes, scratch.stats, 0);
        }
        float max = scratch.stats[0];
        if (max != before) {
            float shrink = (float) Math.exp(before - max);
            scratch.max[row] = max;
            scratch.sum[row] *= shrink;
            scale(shrink, scratch.acc, row * padded, padded);
        }
        scratch.sum[row] += scratch.stats[1];
    }

    private void addProduct(float[] a, int aAt, int aStride, float[] b, int bAt, int bStride, int depth, float[] c,
            int cAt,
            int cStride, int rows, int columns) {
        if (few) {
            ShortPrompt.addProduct(a, aAt, aStride, b, bAt, bStride, depth, c, cAt, cStride, rows, columns);
        } else {
            Tile.addProduct(a, aAt, aStride, b, bAt, bStride, depth, c, cAt, cStride, rows, columns);
        }
    }

    private void scale(float factor, float[] y, int at, int count) {
        if (few) {
            ShortPrompt.scale(factor, y, at, count);
        } else {
            Merge.scale(factor, y, at, count);
        }
    }
}
