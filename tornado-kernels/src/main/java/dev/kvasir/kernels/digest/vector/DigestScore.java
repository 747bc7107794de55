package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.page.vector.PageReader;
import dev.kvasir.kernels.page.vector.PageScratch;
import dev.kvasir.kernels.parallel.Workers;
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
    private final PageGeometry geometry;
    private final Workers workers;
    private final CornerScore corners;
    private final PageScratch[] scratch; // one for each worker
    private final Workers.RangeTask scorePieces = this::scorePieces;
    private float[] coefficients = {}; // [heads, or query heads][digest rows]

    // Chosen for the rows of a digest, and of coefficients for each KV head: 1, or 1 for each query head.
    private @Nullable PageReader reader;

    // The call under way.
    private HeadAggregation aggregation = HeadAggregation.MEAN;
    private int digestRows;
    private int rowsPerHead;
    private int[] digestFrames = {};
    private int pages;
    private float[] importance = {};

    /** Scores digests in frames of this array with this team. */
    public DigestScore(FrameArray frames, Workers workers) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.workers = workers;
        this.scratch = new PageScratch[workers.size()];
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
            int qOffset, int queryHeads, float[] importance) {
        if (kind == DigestKind.CUBOID_CORNERS) {
            corners.score(aggregation, digestFrames, pages, q, qOffset, queryHeads, importance);
            return;
        }
        this.aggregation = aggregation;
        this.digestFrames = digestFrames;
        this.pages = pages;
        this.importance = importance;
        this.digestRows = kind.rows(geometry);
        rowsPerHead = aggregation == HeadAggregation.MEAN ? 1 : queryHeads / geometry.heads();
        setCoefficients(kind, q, qOffset, queryHeads);
        PageReader reads = reader();
        reads.lift(coefficients, 0, geometry.heads(), 1);
        int width = pagesAtOnce(reads);
        workers.forEachRange((pages + width - 1) / width, 1, scorePieces);
    }

    // A cache has one kind of digest and one aggregation, so the choice is made once.
    private PageReader reader() {
        PageReader chosen = reader;
        if (chosen == null || chosen.dims() != digestRows || chosen.rows() != rowsPerHead) {
            chosen = PageReader.ofDigests(frames, digestRows, rowsPerHead);
            reader = chosen;
            for (int i = 0; i < scratch.length; i++) {
                scratch[i] = chosen.newScratch();
            }
        }
        return chosen;
    }

    private int pagesAtOnce(PageReader reader) {
        return reader.framesAtOnce() * geometry.pageSize();
    }

    private void scorePieces(int worker, int from, int to) {
        PageReader reads = reader();
        PageScratch own = scratch[worker];
        float[] totals = own.totals;
        int width = pagesAtOnce(reads);
        for (int piece = from; piece < to; piece++) {
            int first = piece * width;
            int count = Math.min(width, pages - first);
            int firstFrame = piece * reads.framesAtOnce();
            int endFrame = (first + count + geometry.pageSize() - 1) / geometry.pageSize();
            if (aggregation == HeadAggregation.MEAN) {
                Arrays.fill(totals, 0, width, 0f);
                for (int head = 0; head < geometry.heads(); head++) {
                    reads.addScores(own, digestFrames, pages, 0, head, firstFrame, endFrame);
                }
            } else {
                Arrays.fill(totals, 0, width, Float.NEGATIVE_INFINITY);
                for (int head = 0; head < geometry.heads(); head++) {
                    reads.scores(own, digestFrames, pages, 0, head, firstFrame, endFrame);
                    keepLargest(own.scores, totals, width);
                }
            }
            System.arraycopy(totals, 0, importance, first, count);
        }
    }

    /** Keeps in {@code best} the largest of it and the scores of all rows. */
    private void keepLargest(float[] scores, float[] best, int width) {
        for (int row = 0; row < rowsPerHead; row++) {
            for (int i = 0; i < width; i += LANES) {
                FloatVector.fromArray(FLOATS, scores, row * SharedRows.STRIDE + i)
                        .max(FloatVector.fromArray(FLOATS, best, i))
                        .intoArray(best, i);
            }
        }
    }

    private void setCoefficients(DigestKind kind, float[] q, int qOffset, int queryHeads) {
        int headDim = geometry.headDim();
        int rows = geometry.heads() * rowsPerHead;
        if (coefficients.length < rows * digestRows) {
            coefficients = new float[rows * digestRows];
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
}
