package dev.kvasir.kernels.reference;

import dev.kvasir.kernels.page.DigestKind;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.HeadAggregation;

/** Estimates {@code max_t q.k_t} of pages from their digests: {@link DigestKind} has the formulas. */
public final class DigestScore {
    private DigestScore() {}

    /**
     * The importance of one page: the estimates of all query heads of the selection group, averaged or their largest.
     * Unscaled.
     *
     * @param q {@code [queryHeads][headDim]} from {@code qOffset}; query head {@code h} reads KV head
     *            {@code h / (queryHeads / heads)}
     */
    public static float score(FrameArray frames, DigestKind kind, HeadAggregation aggregation, int digestFrame,
            int lane,
            float[] q, int qOffset, int queryHeads) {
        var geometry = frames.geometry();
        int shared = queryHeads / geometry.heads();
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int h = 0; h < queryHeads; h++) {
            double estimate = estimate(frames, kind, digestFrame, lane, h / shared, q,
                    qOffset + h * geometry.headDim());
            sum += estimate;
            max = Math.max(max, estimate);
        }
        return (float) switch (aggregation) {
            case MEAN -> sum / queryHeads;
            case MAX -> max;
        };
    }

    private static double estimate(FrameArray frames, DigestKind kind, int digestFrame, int lane, int head, float[] q,
            int qOffset) {
        int headDim = frames.geometry().headDim();
        double estimate = 0;
        double squares = 0;
        for (int d = 0; d < headDim; d++) {
            double element = q[qOffset + d];
            squares += element * element;
            double row = row(frames, digestFrame, head, d, lane);
            estimate += switch (kind) {
                case CENTROID, SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> element * row;
                case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN ->
                    Math.max(element * row, element * row(frames, digestFrame, head, headDim + d, lane));
            };
        }
        return switch (kind) {
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN ->
                estimate + Math.sqrt(squares) * row(frames, digestFrame, head, headDim, lane);
            case CENTROID, CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN -> estimate;
        };
    }

    private static double row(FrameArray frames, int digestFrame, int head, int row, int lane) {
        var geometry = frames.geometry();
        return Elements.get(geometry.type(), frames.memory(),
                frames.offset(digestFrame) + geometry.digestOffset(head, row, lane));
    }
}
