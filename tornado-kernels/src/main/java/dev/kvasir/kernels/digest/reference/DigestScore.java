package dev.kvasir.kernels.digest.reference;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;

/** Estimates {@code max_t q.k_t} of pages from their digests: {@link DigestKind} has the formulas. */
public final class DigestScore {
    private DigestScore() {}

    /**
     * The importance of one page: the estimates of all query heads of the selection group, averaged or their largest.
     * Unscaled.
     *
     * @param digestFrames {@code [pages / pageSize]} {@link DigestKind#frames} each
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}; query head {@code h} reads KV head
     *            {@code h / (queryHeads / heads)}
     */
    public static float score(FrameArray frames, DigestKind kind, HeadAggregation aggregation, int[] digestFrames,
            int page, float[] q, int qOffset, int queryHeads) {
        var geometry = frames.geometry();
        int shared = queryHeads / geometry.heads();
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int h = 0; h < queryHeads; h++) {
            var digest = new Digest(frames, digestFrames, kind.frames(geometry), page, h / shared);
            int at = qOffset + h * geometry.headDim();
            double estimate = kind == DigestKind.CUBOID_CORNERS
                    ? bestCorner(digest, q, at)
                    : estimate(digest, kind, q, at);
            sum += estimate;
            max = Math.max(max, estimate);
        }
        return (float) switch (aggregation) {
            case MEAN -> sum / queryHeads;
            case MAX -> max;
        };
    }

    /** The digest of one page and KV head. */
    private record Digest(FrameArray frames, int[] digestFrames, int framesEach, int page, int head) {
        double row(int row) {
            return Elements.get(frames.geometry().type(), frames.memory(),
                    frames.digestOffset(digestFrames, framesEach, page, head, row));
        }
    }

    private static double estimate(Digest digest, DigestKind kind, float[] q, int qOffset) {
        int headDim = digest.frames.geometry().headDim();
        double estimate = 0;
        double squares = 0;
        for (int d = 0; d < headDim; d++) {
            double element = q[qOffset + d];
            squares += element * element;
            double row = digest.row(d);
            estimate += switch (kind) {
                case CENTROID, SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> element * row;
                case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS ->
                    Math.max(element * row, element * digest.row(headDim + d));
            };
        }
        return switch (kind) {
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> estimate + Math.sqrt(squares) * digest.row(headDim);
            case CENTROID, CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> estimate;
        };
    }

    /** The largest product of the query and a corner at which a key lies. */
    private static double bestCorner(Digest digest, float[] q, int qOffset) {
        var geometry = digest.frames.geometry();
        int headDim = geometry.headDim();
        double best = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < geometry.pageSize(); t++) {
            int bitsRow = (2 + t / DigestKind.TOKENS_A_NUMBER) * headDim;
            double product = 0;
            for (int d = 0; d < headDim; d++) {
                int bits = (int) digest.row(bitsRow + d);
                boolean upper = (bits >> t % DigestKind.TOKENS_A_NUMBER & 1) != 0;
                product += q[qOffset + d] * digest.row(upper ? d : headDim + d);
            }
            best = Math.max(best, product);
        }
        return best;
    }
}
