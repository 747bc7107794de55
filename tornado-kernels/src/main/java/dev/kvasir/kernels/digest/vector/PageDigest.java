package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.vector.PagePanel;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import static dev.kvasir.kernels.page.Elements.largest;
import static dev.kvasir.kernels.page.Elements.put;
import static dev.kvasir.kernels.page.Elements.round;
import static dev.kvasir.kernels.page.Elements.roundUp;
import static dev.kvasir.kernels.simd.Lanes.FLOATS;

/**
 * The digest of a full page, lanes being tokens. Numbers are rounded as in the scalar reference. A page smaller than a
 * vector is filled up with its first token, which changes no extreme, and its sums take its own tokens only. Not
 * thread-safe.
 */
public final class PageDigest {
    private static final int LANES = FLOATS.length();

    private final FrameArray frames;
    private final PageGeometry geometry;
    private final int[] list = new int[1];
    private final int width; // tokens of a page, or lanes if those are more
    private final float[] page; // keys of a page smaller than a vector
    private final float[] keys; // [headDim][width]
    private final float[] squares; // [width]: squared distance of each key from the centre
    private final float[] lanes = new float[LANES];

    // Where the digest under way goes.
    private int[] digestFrames = {};
    private int first; // of them
    private int lane;

    /** Digests pages in frames of this array. */
    public PageDigest(FrameArray frames) {
        this.frames = frames;
        this.geometry = frames.geometry();
        this.width = PagePanel.width(geometry);
        this.page = new float[width > geometry.pageSize() ? geometry.headDim() * geometry.pageSize() : 0];
        this.keys = new float[geometry.headDim() * width];
        this.squares = new float[width];
    }

    /**
     * Digests the keys of {@code head} of a full frame.
     *
     * @param digestFrames {@code [pages / pageSize]} {@link DigestKind#frames} each
     * @param page the number of the page, which says where among them its digest goes
     */
    public void digest(DigestKind kind, int frame, int head, int[] digestFrames, int page) {
        this.digestFrames = digestFrames;
        this.first = page / geometry.pageSize() * kind.frames(geometry);
        this.lane = page % geometry.pageSize();
        list[0] = frame;
        PagePanel.readColumns(frames, list, 0, 1, head, geometry.headDim(), keys, this.page);
        for (int row = 0; row < keys.length && width > geometry.pageSize(); row += width) {
            Arrays.fill(keys, row + geometry.pageSize(), row + width, keys[row]);
        }
        switch (kind) {
            case CENTROID -> centroid(head);
            case SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> sphere(kind, head);
            case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> cuboid(kind, head);
        }
    }

    private void centroid(int head) {
        for (int d = 0; d < geometry.headDim(); d++) {
            FloatVector sums = FloatVector.zero(FLOATS);
            for (int t = 0; t < geometry.pageSize(); t += LANES) {
                sums = sums.add(key(d, t));
            }
            store(head, d, mean(sums));
        }
    }

    private void sphere(DigestKind kind, int head) {
        int pageSize = geometry.pageSize();
        Arrays.fill(squares, 0f);
        for (int d = 0; d < geometry.headDim(); d++) {
            float centre = centre(max(d), min(d));
            store(head, d, centre);
            for (int t = 0; t < pageSize; t += LANES) {
                FloatVector away = key(d, t).sub(centre);
                away.fma(away, FloatVector.fromArray(FLOATS, squares, t)).intoArray(squares, t);
            }
        }
        float max = 0;
        float min = Float.POSITIVE_INFINITY;
        float sum = 0;
        for (int t = 0; t < pageSize; t++) {
            float distance = (float) Math.sqrt(squares[t]);
            max = Math.max(max, distance);
            min = Math.min(min, distance);
            sum += distance;
        }
        KvType type = geometry.type();
        store(head, geometry.headDim(), switch (kind) {
            case SPHERE_CENTER -> Math.min((min + max) / 2, largest(type));
            case SPHERE_MEAN -> Math.min(sum / pageSize, largest(type));
            default -> roundUp(type, max);
        });
    }

    private void cuboid(DigestKind kind, int head) {
        int headDim = geometry.headDim();
        for (int d = 0; d < headDim; d++) {
            float max = max(d);
            float min = min(d);
            float centre = centre(max, min);
            float upper = max;
            float lower = min;
            if (kind != DigestKind.CUBOID_MAX) {
                float radius = kind == DigestKind.CUBOID_CENTER ? middleDistance(d, centre) : meanDistance(d, centre);
                upper = centre + radius;
                lower = centre - radius;
            }
            store(head, d, upper);
            store(head, headDim + d, lower);
            if (kind == DigestKind.CUBOID_CORNERS) {
                corners(head, d, centre);
            }
        }
    }

    /** Which keys are not below the centre, eight a number. */
    private void corners(int head, int d, float centre) {
        int at = d * width;
        for (int first = 0; first < geometry.pageSize(); first += DigestKind.TOKENS_A_NUMBER) {
            int bits = 0;
            int end = Math.min(first + DigestKind.TOKENS_A_NUMBER, geometry.pageSize());
            for (int t = first; t < end; t++) {
                bits |= keys[at + t] >= centre ? 1 << t - first : 0;
            }
            store(head, (2 + first / DigestKind.TOKENS_A_NUMBER) * geometry.headDim() + d, bits);
        }
    }

    /** As it is stored: distances are measured from there. */
    private float centre(float max, float min) {
        return round(geometry.type(), max * 0.5f + min * 0.5f);
    }

    private float meanDistance(int d, float centre) {
        FloatVector sums = FloatVector.zero(FLOATS);
        for (int t = 0; t < geometry.pageSize(); t += LANES) {
            sums = sums.add(key(d, t).sub(centre).abs());
        }
        return mean(sums);
    }

    private float middleDistance(int d, float centre) {
        FloatVector max = key(d, 0).sub(centre).abs();
        FloatVector min = max;
        for (int t = LANES; t < geometry.pageSize(); t += LANES) {
            FloatVector away = key(d, t).sub(centre).abs();
            max = away.max(max);
            min = away.min(min);
        }
        return (max.reduceLanes(VectorOperators.MAX) + min.reduceLanes(VectorOperators.MIN)) / 2;
    }

    private float max(int d) {
        FloatVector max = key(d, 0);
        for (int t = LANES; t < geometry.pageSize(); t += LANES) {
            max = key(d, t).max(max);
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    private float min(int d) {
        FloatVector min = key(d, 0);
        for (int t = LANES; t < geometry.pageSize(); t += LANES) {
            min = key(d, t).min(min);
        }
        return min.reduceLanes(VectorOperators.MIN);
    }

    private FloatVector key(int d, int t) {
        return FloatVector.fromArray(FLOATS, keys, d * width + t);
    }

    // Always added in the same order, unlike reduceLanes(ADD).
    private float mean(FloatVector sums) {
        sums.intoArray(lanes, 0);
        int pageSize = geometry.pageSize();
        if (pageSize < LANES) {
            double sum = 0; // one number for each token, added as in the reference
            for (int t = 0; t < pageSize; t++) {
                sum += lanes[t];
            }
            return (float) (sum / pageSize);
        }
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum / pageSize;
    }

    private void store(int head, int row, float value) {
        int rows = geometry.digestRows();
        int part = row < rows ? 0 : row / rows; // a division for each number would be felt
        put(geometry.type(), frames.memory(), frames.offset(digestFrames[first + part])
                + geometry.digestOffset(head, row - part * rows, lane), value);
    }
}
