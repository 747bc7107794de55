package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.machine.PageScores;
import dev.kvasir.kernels.page.machine.PageValues;
import dev.kvasir.kernels.page.vector.PageHalves;
import dev.kvasir.kernels.page.vector.PagePanel;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.HalfLift;
import dev.kvasir.kernels.simd.Tile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * Attention of one query to the tokens of listed frames. The work is cut into one item a KV head and chunk of
 * {@link #CHUNK_TOKENS} tokens, which free workers claim; each reads its keys and values once, for all query heads that
 * share them: pages of f16 straight from their frames ({@link PageHalves}), others as a panel of floats. Chunks depend on
 * the lists alone, and so do the results, bit for bit, however many workers there are.
 *
 * <p>A partial result is {@code {acc [headDim], max, sum}} as in the scalar reference. Not thread-safe.
 */
public final class PagedAttention {
    /** Tokens of a chunk: enough that its partial result is small beside its keys, few enough to go round. */
    public static final int CHUNK_TOKENS = 256;

    private static final int LANES = FLOATS.length();
    private static final float[] UNOBSERVED = {};
    private static final int SERIAL_MERGE = 1 << 15; // numbers one thread merges sooner than two would begin

    private final FrameArray frames;
    private final PageGeometry geometry;
    private final Workers workers;
    private final boolean halves; // pages are read by PageHalves or by code
    private final Scratch[] scratch; // one a worker
    private final Workers.RangeTask attendItems = this::attendItems;
    private final Workers.RangeTask mergeHeads = this::mergeHeads;

    // The call under way.
    private Partials[] groups = {};
    private int groupHeads;
    private float[] scaledQuery = {};
    private MemorySegment querySegment = MemorySegment.NULL; // of scaledQuery
    private @Nullable PageScores scoreCode;
    private @Nullable PageValues valueCode; // there is both or none
    private int codeRows; // query heads that share a KV head, for which code was assembled
    private float[] out = {};
    private int outOffset;

    /** The frames one selection group attends, and where its partial results go. */
    public static final class Partials {
        private int[] list = {};
        private int tokens;
        private float[] records = {};
        private int offset;
        private int parts;
        private float[] logits = {};
        private int logitsOffset;
        private int logitsStride;

        /**
         * @param list frame numbers in page order, all full but the last
         * @param tokens tokens in them
         * @param records {@code [chunks][query heads of the group][partialSize]} from {@code offset}
         */
        public void attend(int[] list, int tokens, float[] records, int offset) {
            this.list = list;
            this.tokens = tokens;
            this.records = records;
            this.offset = offset;
            this.logits = UNOBSERVED;
        }

        /**
         * Has this attention leave the scaled logits {@code s_t}, too; after {@link #attend}.
         *
         * @param logits receives {@code [query heads of the group][stride]} from {@code offset}, one number a token
         */
        public void observe(float[] logits, int offset, int stride) {
            this.logits = logits;
            this.logitsOffset = offset;
            this.logitsStride = stride;
        }

        /**
         * @param records {@code [parts][query heads of the group][partialSize]} from 0
         */
        public void merge(float[] records, int parts) {
            this.records = records;
            this.offset = 0;
            this.parts = parts;
        }
    }

    private static final class Scratch {
        float[] panel = {}; // [headDim][panel tokens], then [panel tokens][padded headDim]
        float[] page = {};
        float[] scores = {}; // [query heads of one KV head][chunk tokens]
        float[] acc = {}; // [query heads of one KV head][padded headDim]
        final float[] lanes = new float[LANES];
        MemorySegment scoresSegment = MemorySegment.NULL;
        MemorySegment accSegment = MemorySegment.NULL;

        void grow(PageGeometry geometry, int rows) {
            int padded = Tile.paddedColumns(geometry.headDim());
            int needed = Tile.paddedRows(rows) * Math.max(chunkTokens(geometry), padded);
            if (scores.length < needed) {
                panel = new float[PagePanel.width(geometry) * padded];
                page = new float[geometry.pageSize() * geometry.headDim()];
                scores = new float[needed];
                acc = new float[needed];
                scoresSegment = MemorySegment.ofArray(scores);
                accSegment = MemorySegment.ofArray(acc);
            }
        }
    }

    /** Attends frames of this array with this team. */
    public PagedAttention(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        this.halves = PageHalves.reads(geometry);
        this.scratch = new Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /** Numbers in a partial result. */
    public static int partialSize(int headDim) {
        return headDim + 2;
    }

    /** Chunks that {@code tokens} tokens are cut into. */
    public static int chunks(PageGeometry geometry, int tokens) {
        int chunk = chunkTokens(geometry);
        return (tokens + chunk - 1) / chunk;
    }

    // A power of two no smaller than a page or a panel, so that panels never straddle chunks.
    private static int chunkTokens(PageGeometry geometry) {
        return Math.max(CHUNK_TOKENS, PagePanel.width(geometry));
    }

    /**
     * Writes the partial results of all query heads.
     *
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}
     * @param groups one a selection group, set by {@link Partials#attend}
     */
    public void attend(float[] q, int qOffset, int queryHeads, Partials[] groups) {
        int headDim = geometry.headDim();
        this.groups = groups;
        this.groupHeads = queryHeads / groups.length;
        int shared = groupHeads / geometry.heads();
        float scale = (float) (1 / Math.sqrt(headDim));
        if (codeRows != shared) {
            assemble(shared);
        }
        if (halves) {
            liftQuery(q, qOffset, queryHeads, shared, scoreCode == null ? scale * HalfLift.LIFT : scale);
        } else {
            scaleQuery(q, qOffset, queryHeads * headDim, scale);
        }
        for (var each : scratch) {
            each.grow(geometry, shared);
        }
        int items = 0;
        for (var group : groups) {
            items += chunks(geometry, group.tokens) * geometry.heads();
        }
        workers.forEachRange(items, 1, attendItems);
    }

    private void assemble(int shared) {
        valueCode = PageValues.of(geometry, shared).orElse(null);
        scoreCode = valueCode == null ? null : PageScores.of(geometry, geometry.headDim(), shared).orElse(null);
        if (scoreCode == null) {
            valueCode = null;
        }
        codeRows = shared;
    }

    private void liftQuery(float[] q, int qOffset, int queryHeads, int shared, float factor) {
        int headDim = geometry.headDim();
        int size = PageHalves.liftedRows(shared) * headDim;
        int kvHeads = queryHeads / shared;
        growQuery(kvHeads * size);
        for (int head = 0; head < kvHeads; head++) {
            PageHalves.lift(q, qOffset + head * shared * headDim, shared, headDim, factor, scaledQuery, head * size);
        }
    }

    private void scaleQuery(float[] q, int qOffset, int size, float scale) {
        growQuery(size + Tile.paddedRows(1) * geometry.headDim());
        for (int i = 0; i < size; i++) {
            scaledQuery[i] = q[qOffset + i] * scale;
        }
    }

    private void growQuery(int size) {
        if (scaledQuery.length < size) {
            scaledQuery = new float[size];
            querySegment = MemorySegment.ofArray(scaledQuery);
        }
    }

    private void attendItems(int worker, int from, int to) {
        for (int item = from; item < to; item++) {
            int rest = item;
            int group = 0;
            while (true) {
                int items = chunks(geometry, groups[group].tokens) * geometry.heads();
                if (rest < items) {
                    break;
                }
                rest -= items;
                group++;
            }
            attendChunk(scratch[worker], group, rest / geometry.heads(), rest % geometry.heads());
        }
    }

    private void attendChunk(Scratch scratch, int group, int chunk, int head) {
        int headDim = geometry.headDim();
        int pageSize = geometry.pageSize();
        int padded = Tile.paddedColumns(headDim);
        int chunkTokens = chunkTokens(geometry);
        int shared = groupHeads / geometry.heads();
        int firstToken = chunk * chunkTokens;
        int tokens = Math.min(chunkTokens, groups[group].tokens - firstToken);
        int firstFrame = firstToken / pageSize;
        int endFrame = (firstToken + tokens + pageSize - 1) / pageSize;
        int width = Tile.paddedColumns(tokens);

        float[] scores = scratch.scores;
        if (scoreCode != null) {
            scoreByCode(scoreCode, scratch, group, head, firstFrame, endFrame);
        } else if (halves) {
            scoreHalves(scores, group, head, firstFrame, endFrame);
        } else {
            scorePanels(scratch, group, head, firstFrame, endFrame);
        }
        if (groups[group].logits.length > 0) {
            leaveLogits(groups[group], scores, head * shared, shared, firstToken, tokens, chunkTokens);
        }

        float[] records = groups[group].records;
        int record = groups[group].offset + (chunk * groupHeads + head * shared) * partialSize(headDim);
        float lift = halves && scoreCode == null ? HalfLift.LIFT : 1;
        for (int row = 0; row < shared; row++) {
            int at = row * chunkTokens;
            RowSoftmax.weights(scores, at, tokens, width, Float.NEGATIVE_INFINITY, lift, scratch.lanes, records,
                    record + row * partialSize(headDim) + headDim);
        }

        float[] acc = scratch.acc;
        Arrays.fill(acc, 0, Tile.paddedRows(shared) * padded, 0f);
        if (valueCode != null) {
            addByCode(valueCode, scratch, groups[group], head, firstFrame, tokens);
        } else if (halves) {
            addHalves(groups[group].list, firstFrame, tokens, head, shared, scores, acc);
        } else {
            addPanels(scratch, groups[group].list, head, firstFrame, endFrame, tokens);
        }
        for (int row = 0; row < shared; row++) {
            int to = record + row * partialSize(headDim);
            if (halves && scoreCode == null) {
                PageHalves.sorted(acc, row * headDim, headDim, records, to);
            } else {
                System.arraycopy(acc, row * padded, records, to, headDim);
            }
        }
    }

    private void scoreByCode(PageScores code, Scratch scratch, int group, int head, int firstFrame, int endFrame) {
        Partials attended = groups[group];
        int q = queryOf(group, head);
        for (int frame = firstFrame, at = 0; frame < endFrame; frame++, at += geometry.pageSize()) {
            long keys = frames.headOffset(attended.list[frame], head);
            long later = later(attended, head, firstFrame, endFrame, frame - firstFrame);
            code.score(frames.memory(), keys, later, querySegment, q, scratch.scoresSegment, at);
        }
    }

    private void scoreHalves(float[] scores, int group, int head, int firstFrame, int endFrame) {
        int[] list = groups[group].list;
        int pageSize = geometry.pageSize();
        int q = queryOf(group, head);
        for (int frame = firstFrame, at = 0; frame < endFrame; frame += 2, at += 2 * pageSize) {
            long keys = frames.headOffset(list[frame], head);
            long apart = frame + 1 < endFrame ? frames.headOffset(list[frame + 1], head) - keys : 0;
            PageHalves.scores(frames.memory(), keys, apart, pageSize, geometry.headDim(), scaledQuery, q,
                    groupHeads / geometry.heads(), scores, at);
        }
    }

    private void scorePanels(Scratch scratch, int group, int head, int firstFrame, int endFrame) {
        int headDim = geometry.headDim();
        int panelWidth = PagePanel.width(geometry);
        int panelFrames = PagePanel.frames(geometry);
        int chunkTokens = chunkTokens(geometry);
        int shared = groupHeads / geometry.heads();
        int q = (group * groupHeads + head * shared) * headDim;
        Arrays.fill(scratch.scores, 0, Tile.paddedRows(shared) * chunkTokens, 0f);
        for (int frame = firstFrame, at = 0; frame < endFrame; frame += panelFrames, at += panelWidth) {
            PagePanel.readColumns(frames, groups[group].list, frame, Math.min(panelFrames, endFrame - frame), head,
                    headDim, scratch.panel, scratch.page);
            Tile.addProduct(scaledQuery, q, headDim, scratch.panel, 0, panelWidth, headDim, scratch.scores, at,
                    chunkTokens, shared, panelWidth);
        }
    }

    private int queryOf(int group, int head) {
        int lifted = PageHalves.liftedRows(groupHeads / geometry.heads());
        return (group * geometry.heads() + head) * lifted * geometry.headDim();
    }

    private void addByCode(PageValues code, Scratch scratch, Partials group, int head, int firstFrame, int tokens) {
        int pageSize = geometry.pageSize();
        int pages = (tokens + pageSize - 1) / pageSize;
        for (int page = 0, at = 0; page < pages; page++, at += pageSize) {
            long values = values(group.list[firstFrame + page], head);
            long later = later(group, head, firstFrame, firstFrame + pages, pages + page);
            code.add(frames.memory(), values, later, Math.min(pageSize, tokens - at), scratch.scoresSegment, at,
                    scratch.accSegment);
        }
    }

    private void addPanels(Scratch scratch, int[] list, int head, int firstFrame, int endFrame, int tokens) {
        int padded = Tile.paddedColumns(geometry.headDim());
        int pageSize = geometry.pageSize();
        int panelWidth = PagePanel.width(geometry);
        for (int frame = firstFrame, at = 0; frame < endFrame; at += panelWidth) {
            int panelTokens = Math.min(panelWidth, tokens - at);
            for (int done = 0; done < panelTokens; done += pageSize, frame++) {
                PagePanel.readValues(frames, list[frame], head, Math.min(pageSize, panelTokens - done), scratch.panel,
                        done * padded, padded);
            }
            Tile.addProduct(scratch.scores, at, chunkTokens(geometry), scratch.panel, 0, padded, panelTokens,
                    scratch.acc, 0, padded, groupHeads / geometry.heads(), padded);
        }
    }

    // An item reads its pages' keys, then their values, and most likely the next item follows: where the page is that is read
    // PageScores.AHEAD places after this one.
    private long later(Partials group, int head, int firstFrame, int endFrame, int place) {
        int[] list = group.list;
        int pages = endFrame - firstFrame;
        int later = place + PageScores.AHEAD;
        if (later < pages) {
            return frames.headOffset(list[firstFrame + later], head);
        }
        if (later < 2 * pages) {
            return values(list[firstFrame + later - pages], head);
        }
        boolean sameChunk = head + 1 < geometry.heads();
        int frame = later - 2 * pages + (sameChunk ? firstFrame : endFrame);
        int last = (group.tokens - 1) / geometry.pageSize();
        return frames.headOffset(list[Math.min(frame, last)], sameChunk ? head + 1 : 0);
    }

    private long values(int frame, int head) {
        return frames.offset(frame) + geometry.valueOffset(head, 0, 0);
    }

    private void addHalves(int[] list, int frame, int tokens, int head, int rows, float[] p, float[] sum) {
        var memory = frames.memory();
        int headDim = geometry.headDim();
        int pageSize = geometry.pageSize();
        long start = geometry.valueOffset(head, 0, 0);
        int at = 0;
        for (; at + 2 * pageSize <= tokens; frame += 2, at += 2 * pageSize) {
            long values = frames.offset(list[frame]) + start;
            long apart = frames.offset(list[frame + 1]) - frames.offset(list[frame]);
            PageHalves.addValues(memory, values, apart, headDim, pageSize, p, at, pageSize, rows, sum);
        }
        // One page and the beginning of another may be left: the two halves of each are read side by side.
        for (; at < tokens; frame++, at += pageSize) {
            long values = frames.offset(list[frame]) + start;
            int here = Math.min(pageSize, tokens - at);
            int half = here / 2;
            PageHalves.addValues(memory, values, 2L * headDim * half, headDim, half, p, at, half, rows, sum);
            if (here % 2 == 1) {
                PageHalves.addValue(memory, values + 2L * headDim * (here - 1), headDim, p, at + here - 1, rows, sum);
            }
        }
    }

    private static void leaveLogits(Partials group, float[] scores, int firstHead, int heads, int firstToken,
            int tokens, int chunkTokens) {
        for (int row = 0; row < heads; row++) {
            System.arraycopy(scores, row * chunkTokens, group.logits,
                    group.logitsOffset + (firstHead + row) * group.logitsStride + firstToken, tokens);
        }
    }

    /**
     * Merges the parts of every query head in their order, by log-sum-exp. A head without parts gives zeros.
     *
     * @param groups one a selection group, set by {@link Partials#merge}
     * @param out receives {@code [queryHeads][headDim]} from {@code outOffset}
     */
    public void merge(Partials[] groups, int queryHeads, float[] out, int outOffset) {
        this.groups = groups;
        this.groupHeads = queryHeads / groups.length;
        this.out = out;
        this.outOffset = outOffset;
        int most = 0;
        for (var group : groups) {
            most = Math.max(most, group.parts);
        }
        if ((long) queryHeads * most * geometry.headDim() < SERIAL_MERGE) {
            mergeHeads(0, 0, queryHeads);
        } else {
            workers.forEachRange(queryHeads, 2, mergeHeads);
        }
    }

    private void mergeHeads(int worker, int from, int to) {
        int size = partialSize(geometry.headDim());
        for (int head = from; head < to; head++) {
            var group = groups[head / groupHeads];
            merge(group.records, group.offset + head % groupHeads * size, group.parts, groupHeads * size,
                    geometry.headDim(),
                    out, outOffset + head * geometry.headDim());
        }
    }

    private static void merge(float[] records, int offset, int parts, int partStride, int headDim, float[] out,
            int outOffset) {
        float max = Float.NEGATIVE_INFINITY;
        for (int part = 0; part < parts; part++) {
            max = Math.max(max, records[offset + part * partStride + headDim]);
        }
        Arrays.fill(out, outOffset, outOffset + headDim, 0f);
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            int from = offset + part * partStride;
            float weight = (float) Math.exp(records[from + headDim] - max);
            sum += (double) weight * records[from + headDim + 1];
            addScaled(weight, records, from, out, outOffset, headDim);
        }
        if (parts > 0) {
            scale((float) (1 / sum), out, outOffset, headDim);
        }
    }

    static void addScaled(float weight, float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i)
                    .fma(FloatVector.broadcast(FLOATS, weight),
                            FloatVector.fromArray(FLOATS, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] = Math.fma(x[xAt + i], weight, y[yAt + i]);
        }
    }

    static void scale(float factor, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yAt + i).mul(factor).intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] *= factor;
        }
    }
}
