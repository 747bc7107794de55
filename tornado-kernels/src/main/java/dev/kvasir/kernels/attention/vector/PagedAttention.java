package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.page.vector.PageReader;
import dev.kvasir.kernels.page.vector.PageScratch;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.simd.Lanes;
import dev.kvasir.kernels.simd.Tile;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one query to the tokens of listed frames. The work is cut into items of one KV head and one chunk of
 * {@link #CHUNK_TOKENS} tokens. Free workers claim items; an item reads its keys and values once, for all query heads that
 * share them, by the {@link PageReader} for pages of this shape. Chunks depend on the lists alone, so the results are the
 * same, bit for bit, with any number of workers.
 *
 * <p>Results are {@link PartialResult}s, which {@link Merge} joins. Not thread-safe.
 */
public final class PagedAttention {
    /** Tokens of a chunk: enough that its partial result is small beside its keys, and few enough for all workers. */
    public static final int CHUNK_TOKENS = SharedRows.STRIDE;

    private static final float[] UNOBSERVED = {};

    private final FrameArray frames;
    private final PageGeometry geometry;
    private final Workers workers;
    private final PageScratch[] scratch; // one for each worker
    private final float[][] lanes; // likewise: one vector
    private final Workers.RangeTask attendItems = this::attendItems;

    // Chosen for the number of query heads that share a KV head.
    private @Nullable PageReader reader;

    // The call under way.
    private Partials[] groups = {};
    private int groupHeads;

    /** The frames one selection group attends, and the place of its partial results. */
    public static final class Partials {
        private int[] list = {};
        private int tokens;
        private float[] records = {};
        private int offset;
        private float[] logits = {};
        private int logitsOffset;
        private int logitsStride;

        /**
         * @param list frame numbers in page order, all full but the last
         * @param tokens tokens in them
         * @param records {@code [chunks][query heads of the group]} of {@link PartialResult} from {@code offset}
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
    }

    /** Attends frames of this array with this team. */
    public PagedAttention(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        this.scratch = new PageScratch[workers.size()];
        this.lanes = new float[workers.size()][Lanes.FLOATS.length()];
    }

    /** Chunks that {@code tokens} tokens are cut into. */
    public static int chunks(int tokens) {
        return (tokens + CHUNK_TOKENS - 1) / CHUNK_TOKENS;
    }

    /**
     * Writes the partial results of all query heads.
     *
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}
     * @param groups one for each selection group, set by {@link Partials#attend}
     */
    public void attend(float[] q, int qOffset, int queryHeads, Partials[] groups) {
        this.groups = groups;
        this.groupHeads = queryHeads / groups.length;
        int kvHeads = groups.length * geometry.heads();
        float scale = (float) (1 / Math.sqrt(geometry.headDim()));
        reader(queryHeads / kvHeads).lift(q, qOffset, kvHeads, scale);
        int items = 0;
        for (var group : groups) {
            items += chunks(group.tokens) * geometry.heads();
        }
        workers.forEachRange(items, 1, attendItems);
    }

    // One model has one number of shared heads, so the choice is made once.
    private PageReader reader(int shared) {
        PageReader chosen = reader;
        if (chosen == null || chosen.rows() != shared) {
            chosen = PageReader.ofPages(frames, shared);
            reader = chosen;
            for (int i = 0; i < scratch.length; i++) {
                scratch[i] = chosen.newScratch();
            }
        }
        return chosen;
    }

    private void attendItems(int worker, int from, int to) {
        for (int item = from; item < to; item++) {
            int rest = item;
            int group = 0;
            while (true) {
                int items = chunks(groups[group].tokens) * geometry.heads();
                if (rest < items) {
                    break;
                }
                rest -= items;
                group++;
            }
            attendChunk(worker, group, rest / geometry.heads(), rest % geometry.heads());
        }
    }

    private void attendChunk(int worker, int group, int chunk, int head) {
        PageReader reader = reader(groupHeads / geometry.heads());
        PageScratch own = scratch[worker];
        Partials attended = groups[group];
        int headDim = geometry.headDim();
        int pageSize = geometry.pageSize();
        int shared = reader.rows();
        int firstToken = chunk * CHUNK_TOKENS;
        int tokens = Math.min(CHUNK_TOKENS, attended.tokens - firstToken);
        int firstFrame = firstToken / pageSize;
        int endFrame = (firstToken + tokens + pageSize - 1) / pageSize;
        int width = Tile.paddedColumns(tokens);

        reader.scores(own, attended.list, attended.tokens, group, head, firstFrame, endFrame);
        if (attended.logits.length > 0) {
            leaveLogits(attended, own.scores, head * shared, shared, firstToken, tokens);
        }
        int size = PartialResult.size(headDim);
        int record = attended.offset + (chunk * groupHeads + head * shared) * size;
        for (int row = 0; row < shared; row++) {
            RowSoftmax.weights(own.scores, row * CHUNK_TOKENS, tokens, width, Float.NEGATIVE_INFINITY,
                    reader.weightFactor(), lanes[worker], attended.records, record + row * size + headDim);
        }
        reader.addValues(own, attended.list, attended.tokens, head, firstFrame, tokens);
        for (int row = 0; row < shared; row++) {
            reader.takeSums(own, row, attended.records, record + row * size);
        }
    }

    private static void leaveLogits(Partials group, float[] scores, int firstHead, int heads, int firstToken,
            int tokens) {
        for (int row = 0; row < heads; row++) {
            System.arraycopy(scores, row * CHUNK_TOKENS, group.logits,
                    group.logitsOffset + (firstHead + row) * group.logitsStride + firstToken, tokens);
        }
    }
}
