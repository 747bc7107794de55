package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.attention.vector.PagedAttention;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.machine.PageScores;
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
 * Estimates the importance of pages from their digests, lanes being pages.
 *
 * <p>An estimate is a sum of digest rows, each times a coefficient that the query alone determines: a cuboid's upper
 * corner counts where the query is positive, its lower corner where it is negative; a sphere's radius counts as much as
 * the query is long. So the mean over the query heads of a KV head is the estimate of their mean coefficients, and the
 * digests are read once. Not thread-safe.
 */
public final class DigestScore {
    private static final int LANES = FLOATS.length();

    private final FrameArray frames;
    private static final int HEADS_AHEAD = 1; // between the digests that are read and those that are asked for

    private final PageGeometry geometry;
    private final Workers workers;
    private final Scratch[] scratch; // one a worker
    private final Workers.RangeTask scorePanels = this::scorePanels;
    private final CornerScore corners;
    private final Workers.RangeTask scoreHalves = this::scoreHalves;
    private final boolean halves; // digests are read by PageHalves, as keys are
    private float[] lifted = {}; // coefficients, as PageHalves wants them
    private MemorySegment liftedSegment = MemorySegment.NULL;
    private @Nullable PageScores code; // what reads them instead, if it can
    private int codeRows;
    private int codeDigestRows;
    private float[] coefficients = {}; // [heads, or query heads][digest rows]

    // The call under way.
    private HeadAggregation aggregation = HeadAggregation.MEAN;
    private int digestRows;
    private int rowsPerHead; // coefficient rows a KV head: 1, or one a query head
    private int[] digestFrames = {};
    private int pages;
    private float[] importance = {};

    private static final class Scratch {
        float[] panel = {}; // [digest rows][panel pages]
        float[] page = {};
        float[] estimates = {}; // [rows per head][panel pages]
        float[] best = {}; // [panel pages]
        float[] scores = {}; // of halves: [rows per head][chunk tokens]
        MemorySegment scoresSegment = MemorySegment.NULL;

        void growHalves(PageGeometry geometry, int rowsPerHead) {
            int needed = PageHalves.liftedRows(rowsPerHead) * PagedAttention.CHUNK_TOKENS;
            if (scores.length < needed || best.length < 2 * geometry.pageSize()) {
                scores = new float[needed];
                scoresSegment = MemorySegment.ofArray(scores);
                best = new float[2 * geometry.pageSize()];
            }
        }

        void grow(PageGeometry geometry, int digestRows, int rowsPerHead) {
            int width = PagePanel.width(geometry);
            if (panel.length < digestRows * width || estimates.length < Tile.paddedRows(rowsPerHead) * width) {
                panel = new float[digestRows * width];
                page = new float[digestRows * geometry.pageSize()];
                estimates = new float[Tile.paddedRows(rowsPerHead) * width];
                best = new float[width];
            }
        }
    }

    /** Scores digests in frames of this array with this team. */
    public DigestScore(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        this.scratch = new Scratch[workers.size()];
        Arrays.setAll(scratch, i -> new Scratch());
        this.halves = PageHalves.reads(geometry);
        this.corners = new CornerScore(frames, workers);
    }

    /**
     * Scores pages {@code 0 .. pages - 1}, unscaled.
     *
     * @param digestFrames {@code [pages / pageSize]} {@link DigestKind#frames} each: page {@code i} is digested in
     *            lane {@code i % pageSize} of the {@code i / pageSize}-th
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}
     * @param importance receives one number a page
     */
    public void score(DigestKind kind, HeadAggregation aggregation, int[] digestFrames, int pages, float[] q,
            int qOffset,
            int queryHeads, float[] importance) {
        if (kind == DigestKind.CUBOID_CORNERS) {
            corners.score(aggregation, digestFrames, pages, q, qOffset, queryHeads, importance);
            return;
        }
        this.aggregation = aggregation;
        this.digestFrames = digestFrames;
        this.pages = pages;
        this.importance = importance;
        this.digestRows = kind.rows(geometry);
        int shared = queryHeads / geometry.heads();
        rowsPerHead = aggregation == HeadAggregation.MEAN ? 1 : shared;
        setCoefficients(kind, q, qOffset, queryHeads);
        if (halves) {
            if (codeRows != rowsPerHead || codeDigestRows != digestRows) {
                code = PageScores.of(geometry, digestRows, rowsPerHead).orElse(null);
                codeRows = rowsPerHead;
                codeDigestRows = digestRows;
            }
            liftCoefficients();
            int frames = (pages + geometry.pageSize() - 1) / geometry.pageSize();
            workers.forEachRange((frames + 1) / 2, 1, scoreHalves);
            return;
        }
        for (var each : scratch) {
            each.grow(geometry, digestRows, rowsPerHead);
        }
        int width = PagePanel.width(geometry);
        workers.forEachRange((pages + width - 1) / width, 1, scorePanels);
    }

    private void liftCoefficients() {
        for (var each : scratch) {
            each.growHalves(geometry, rowsPerHead);
        }
        int size = PageHalves.liftedRows(rowsPerHead) * digestRows;
        if (lifted.length < geometry.heads() * size) {
            lifted = new float[geometry.heads() * size];
            liftedSegment = MemorySegment.ofArray(lifted);
        }
        for (int head = 0; head < geometry.heads(); head++) {
            PageHalves.lift(coefficients, head * rowsPerHead * digestRows, rowsPerHead, digestRows,
                    code == null ? HalfLift.LIFT : 1, lifted, head * size);
        }
    }

    private void scoreHalves(int worker, int from, int to) {
        int pageSize = geometry.pageSize();
        int size = PageHalves.liftedRows(rowsPerHead) * digestRows;
        boolean mean = aggregation == HeadAggregation.MEAN;
        float[] best = scratch[worker].best;
        float[] scores = scratch[worker].scores;
        for (int pair = from; pair < to; pair++) {
            int first = 2 * pair * pageSize;
            int count = Math.min(2 * pageSize, pages - first);
            int frame = digestFrames[2 * pair];
            long apart = count > pageSize ? frames.offset(digestFrames[2 * pair + 1]) - frames.offset(frame) : 0;
            Arrays.fill(best, mean ? 0 : Float.NEGATIVE_INFINITY);
            for (int head = 0; head < geometry.heads(); head++) {
                if (code != null) {
                    scoreByCode(code, scratch[worker], 2 * pair, head, head * size, 0);
                    if (count > pageSize) {
                        scoreByCode(code, scratch[worker], 2 * pair + 1, head, head * size, pageSize);
                    }
                } else {
                    PageHalves.scores(frames.memory(), frames.headOffset(frame, head), apart, pageSize, digestRows,
                            lifted, head * size, rowsPerHead, scores, 0);
                }
                for (int i = 0; i < 2 * pageSize; i += LANES) {
                    FloatVector all = FloatVector.fromArray(FLOATS, best, i);
                    for (int row = 0; row < rowsPerHead; row++) {
                        FloatVector one = FloatVector.fromArray(FLOATS, scores, row * PagedAttention.CHUNK_TOKENS + i);
                        all = mean ? all.add(one) : all.max(one);
                    }
                    all.intoArray(best, i);
                }
            }
            System.arraycopy(best, 0, importance, first, count);
        }
    }

    // Two frames of the same head are read in turns; the heads lie one behind the other.
    private void scoreByCode(PageScores code, Scratch scratch, int frame, int head, int q, int at) {
        long digests = frames.headOffset(digestFrames[frame], head);
        long later = head + HEADS_AHEAD < geometry.heads()
                ? frames.headOffset(digestFrames[frame], head + HEADS_AHEAD)
                : frames.headOffset(digestFrames[Math.min(frame + 2, (pages - 1) / geometry.pageSize())],
                        head + HEADS_AHEAD - geometry.heads());
        code.score(frames.memory(), digests, later, liftedSegment, q, scratch.scoresSegment, at);
    }

    private void setCoefficients(DigestKind kind, float[] q, int qOffset, int queryHeads) {
        int headDim = geometry.headDim();
        int rows = geometry.heads() * rowsPerHead;
        int size = (rows + Tile.paddedRows(1)) * digestRows;
        if (coefficients.length < size) {
            coefficients = new float[size];
        }
        Arrays.fill(coefficients, 0f);
        float weight = aggregation == HeadAggregation.MEAN ? 1f / queryHeads : 1f;
        for (int h = 0; h < queryHeads; h++) {
            int row = (int) ((long) h * rows / queryHeads) * digestRows;
            double squares = 0;
            for (int d = 0; d < headDim; d++) {
                float element = q[qOffset + h * headDim + d];
                squares += (double) element * element;
                boolean lower = switch (kind) {
                    case CENTROID, SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> false;
                    case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> element < 0;
                };
                coefficients[row + (lower ? headDim + d : d)] += weight * element;
            }
            switch (kind) {
                case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN ->
                    coefficients[row + headDim] += weight * (float) Math.sqrt(squares);
                case CENTROID, CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> {
                }
            }
        }
    }

    private void scorePanels(int worker, int from, int to) {
        int width = PagePanel.width(geometry);
        int panelFrames = PagePanel.frames(geometry);
        var own = scratch[worker];
        for (int panel = from; panel < to; panel++) {
            int first = panel * width;
            int count = Math.min(width, pages - first);
            int endFrame = (first + count + geometry.pageSize() - 1) / geometry.pageSize();
            int firstFrame = panel * panelFrames;
            Arrays.fill(own.estimates, 0f);
            Arrays.fill(own.best, Float.NEGATIVE_INFINITY);
            for (int head = 0; head < geometry.heads(); head++) {
                PagePanel.readColumns(frames, digestFrames, firstFrame, endFrame - firstFrame, head, digestRows,
                        own.panel,
                        own.page);
                if (aggregation == HeadAggregation.MAX) {
                    Arrays.fill(own.estimates, 0f);
                }
                Tile.addProduct(coefficients, head * rowsPerHead * digestRows, digestRows, own.panel, 0, width,
                        digestRows,
                        own.estimates, 0, width, rowsPerHead, width);
                if (aggregation == HeadAggregation.MAX) {
                    keepLargest(own, width);
                }
            }
            System.arraycopy(aggregation == HeadAggregation.MAX ? own.best : own.estimates, 0, importance, first,
                    count);
        }
    }

    private void keepLargest(Scratch own, int width) {
        for (int row = 0; row < rowsPerHead; row++) {
            for (int i = 0; i < width; i += LANES) {
                FloatVector.fromArray(FLOATS, own.estimates, row * width + i)
                        .max(FloatVector.fromArray(FLOATS, own.best, i))
                        .intoArray(own.best, i);
            }
        }
    }
}
