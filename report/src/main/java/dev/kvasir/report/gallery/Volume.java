package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The digest of a page in any number of dimensions, as {@link DigestKind} defines it, with the geometry that is drawn.
 *
 * @param kind   the kind of digest
 * @param center [dims] the middle of the box or sphere, or the mean of the keys for a centroid
 * @param radii  [dims] half the edges of a box; one number for a sphere; empty for a centroid
 * @param corners [key][dims] the corner nearest to each key, if the kind stores corners
 */
record Volume(DigestKind kind, double[] center, double[] radii, double[][] corners) {
    /** The digest of keys, [key][dims]. */
    static Volume of(DigestKind kind, double[][] keys) {
        int dims = keys[0].length;
        double[] center = new double[dims];
        double[][] distances = new double[kind == DigestKind.CENTROID ? 0 : isBox(kind) ? dims : 1][keys.length];
        for (int i = 0; i < dims; i++) {
            double[] column = column(keys, i);
            center[i] = kind == DigestKind.CENTROID
                    ? Arrays.stream(column).average().orElseThrow()
                    : (Arrays.stream(column).max().orElseThrow() + Arrays.stream(column).min().orElseThrow()) / 2;
        }
        for (int t = 0; t < keys.length; t++) {
            double square = 0;
            for (int i = 0; i < dims; i++) {
                double distance = Math.abs(center[i] - keys[t][i]);
                square += distance * distance;
                if (isBox(kind)) {
                    distances[i][t] = distance;
                }
            }
            if (distances.length == 1 && !isBox(kind)) {
                distances[0][t] = Math.sqrt(square);
            }
        }
        double[] radii = Arrays.stream(distances).mapToDouble(each -> radius(kind, each)).toArray();
        return new Volume(kind, center, radii,
                kind == DigestKind.CUBOID_CORNERS ? corners(keys, center, radii) : new double[0][]);
    }

    private static double[][] corners(double[][] keys, double[] center, double[] radii) {
        double[][] corners = new double[keys.length][center.length];
        for (int t = 0; t < keys.length; t++) {
            for (int i = 0; i < center.length; i++) {
                corners[t][i] = keys[t][i] >= center[i] ? center[i] + radii[i] : center[i] - radii[i];
            }
        }
        return corners;
    }

    static boolean isBox(DigestKind kind) {
        return switch (kind) {
            case CUBOID_MAX, CUBOID_CENTER, CUBOID_MEAN, CUBOID_CORNERS -> true;
            case CENTROID, SPHERE_MAX, SPHERE_CENTER, SPHERE_MEAN -> false;
        };
    }

    private static double radius(DigestKind kind, double[] distances) {
        double most = Arrays.stream(distances).max().orElseThrow();
        return switch (kind) {
            case CENTROID -> 0;
            case SPHERE_MAX, CUBOID_MAX -> most;
            case SPHERE_CENTER, CUBOID_CENTER -> (most + Arrays.stream(distances).min().orElseThrow()) / 2;
            case SPHERE_MEAN, CUBOID_MEAN, CUBOID_CORNERS -> Arrays.stream(distances).average().orElseThrow();
        };
    }

    private static double[] column(double[][] keys, int i) {
        return Arrays.stream(keys).mapToDouble(key -> key[i]).toArray();
    }

    /** The point of the volume that lies farthest along the query. The estimate is its product with the query. */
    double[] farthest(double[] query) {
        if (corners.length > 0) {
            return Arrays.stream(corners)
                    .max(Comparator.comparingDouble(corner -> dot(query, corner)))
                    .orElseThrow()
                    .clone();
        }
        double length = Math.sqrt(dot(query, query));
        double[] point = center.clone();
        for (int i = 0; i < point.length; i++) {
            if (radii.length == point.length && isBox(kind)) {
                point[i] += Math.signum(query[i]) * radii[i];
            } else if (radii.length == 1 && length > 0) {
                point[i] += radii[0] * query[i] / length;
            }
        }
        return point;
    }

    /** The estimate of max q.k. */
    double estimate(double[] query) {
        return dot(query, farthest(query));
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
