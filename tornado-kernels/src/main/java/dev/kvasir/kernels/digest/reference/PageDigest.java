package dev.kvasir.kernels.digest.reference;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.FrameArray;

/**
 * The digest of a full page, per KV head: {@link DigestKind} has the formulas.
 *
 * <p>Numbers are rounded as they are stored. The two kinds that bound every key from above still do so afterwards: the
 * corners of {@code CUBOID_MAX} are elements of keys, and so exact; the radius of a sphere is measured from the stored
 * centre, and that of {@code SPHERE_MAX} is rounded up. A radius too large for the type becomes its largest number.
 */
public final class PageDigest {
    private PageDigest() {}

    /**
     * Digests the keys of {@code head} of a full frame.
     *
     * @param digestFrames {@code [pages / pageSize]} {@link DigestKind#frames} each
     * @param page the number of the page, which says where among them its digest goes
     */
    public static void digest(FrameArray frames, DigestKind kind, int frame, int head, int[] digestFrames, int page) {
        var geometry = frames.geometry();
        var type = geometry.type();
        var memory = frames.memory();
        int pageSize = geometry.pageSize();
        int headDim = geometry.headDim();
        int framesEach = kind.frames(geometry);
        long keys = frames.offset(frame);
        double[] squares = new double[pageSize]; // squared distance of each key from the centre
        for (int d = 0; d < headDim; d++) {
            float max = Float.NEGATIVE_INFINITY;
            float min = Float.POSITIVE_INFINITY;
            double sum = 0;
            for (int t = 0; t < pageSize; t++) {
                float key = Elements.get(type, memory, keys + geometry.keyOffset(head, t, d));
                max = Math.max(max, key);
                min = Math.min(min, key);
                sum += key;
            }
            float centre = Elements.round(type, centre(max, min));
            float largest = 0;
            float smallest = Float.POSITIVE_INFINITY;
            double distances = 0;
            for (int t = 0; t < pageSize; t++) {
                double away = Math.abs(centre - Elements.get(type, memory, keys + geometry.keyOffset(head, t, d)));
                largest = Math.max(largest, (float) away);
                smallest = Math.min(smallest, (float) away);
                distances += away;
                squares[t] += away * away;
            }
            float mean = (float) (distances / pageSize);
            long row = frames.digestOffset(digestFrames, framesEach, page, head, d);
            long lowerRow = frames.digestOffset(digestFrames, framesEach, page, head, headDim + d);
            switch (kind) {
                case CENTROID -> Elements.put(type, memory, row, (float) (sum / pageSize));
                case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> Elements.put(type, memory, row, centre);
                case CUBOID_MAX -> {
                    Elements.put(type, memory, row, max);
                    Elements.put(type, memory, lowerRow, min);
                }
                case CUBOID_CENTER -> {
                    float radius = (smallest + largest) / 2;
                    Elements.put(type, memory, row, centre + radius);
                    Elements.put(type, memory, lowerRow, centre - radius);
                }
                case CUBOID_MEAN, CUBOID_CORNERS -> {
                    Elements.put(type, memory, row, centre + mean);
                    Elements.put(type, memory, lowerRow, centre - mean);
                }
            }
            if (kind == DigestKind.CUBOID_CORNERS) {
                putCorners(frames, frame, head, d, centre, digestFrames, page);
            }
        }
        switch (kind) {
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> {
                float radius = radius(kind, squares);
                long row = frames.digestOffset(digestFrames, framesEach, page, head, headDim);
                Elements.put(type, memory, row, kind == DigestKind.SPHERE_MAX
                        ? Elements.roundUp(type, radius)
                        : Math.min(radius, Elements.largest(type)));
            }
            case CENTROID, CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> {
            }
        }
    }

    /** Stores for one dimension which keys are not below the centre, eight a number. */
    private static void putCorners(FrameArray frames, int frame, int head, int d, float centre, int[] digestFrames,
            int page) {
        var geometry = frames.geometry();
        long keys = frames.offset(frame);
        int framesEach = DigestKind.CUBOID_CORNERS.frames(geometry);
        for (int first = 0; first < geometry.pageSize(); first += DigestKind.TOKENS_A_NUMBER) {
            int bits = 0;
            int end = Math.min(first + DigestKind.TOKENS_A_NUMBER, geometry.pageSize());
            for (int t = first; t < end; t++) {
                float key = Elements.get(geometry.type(), frames.memory(), keys + geometry.keyOffset(head, t, d));
                bits |= key >= centre ? 1 << t - first : 0;
            }
            int row = (2 + first / DigestKind.TOKENS_A_NUMBER) * geometry.headDim() + d;
            Elements.put(geometry.type(), frames.memory(),
                    frames.digestOffset(digestFrames, framesEach, page, head, row), bits);
        }
    }

    /** Halves first, so that two numbers near the largest do not overflow. */
    private static float centre(float max, float min) {
        return max * 0.5f + min * 0.5f;
    }

    private static float radius(DigestKind kind, double[] squares) {
        double max = 0;
        double min = Double.POSITIVE_INFINITY;
        double sum = 0;
        for (double square : squares) {
            double distance = Math.sqrt(square);
            max = Math.max(max, distance);
            min = Math.min(min, distance);
            sum += distance;
        }
        return (float) switch (kind) {
            case SPHERE_CENTER -> (min + max) / 2;
            case SPHERE_MEAN -> sum / squares.length;
            default -> max;
        };
    }
}
