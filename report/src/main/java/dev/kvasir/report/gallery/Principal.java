package dev.kvasir.report.gallery;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.joml.Vector3f;

/**
 * The three directions along which keys differ most (principal component analysis).
 *
 * @param mean     [headDim] the mean of all keys
 * @param axes     [3][headDim] orthonormal; rows of zeros if keys fill fewer dimensions
 * @param explained the share of the keys' variance that the three directions keep
 */
record Principal(double[] mean, double[][] axes, double explained) {
    /** The principal directions of keys, [key][headDim]. */
    static Principal of(double[][] keys) {
        int dims = keys[0].length;
        double[] mean = new double[dims];
        for (double[] key : keys) {
            for (int i = 0; i < dims; i++) {
                mean[i] += key[i] / keys.length;
            }
        }
        RealMatrix centered = new Array2DRowRealMatrix(
                Arrays.stream(keys).map(key -> minus(key, mean)).toArray(double[][]::new), false);
        SingularValueDecomposition svd = new SingularValueDecomposition(centered);
        double[] strengths = svd.getSingularValues();
        double all = Arrays.stream(strengths).map(s -> s * s).sum();
        double[][] axes = IntStream.range(0, 3).mapToObj(a -> axis(svd, strengths, a, dims)).toArray(double[][]::new);
        double kept = Arrays.stream(strengths).limit(3).map(s -> s * s).sum();
        return new Principal(mean, axes, all > 0 ? kept / all : 1);
    }

    private static double[] axis(SingularValueDecomposition svd, double[] strengths, int a, int dims) {
        if (a >= strengths.length || strengths[a] <= 1e-9 * strengths[0] || strengths[0] == 0) {
            return new double[dims];
        }
        double[] axis = svd.getV().getColumn(a);
        // The sign of a singular vector is arbitrary. The largest number is made positive, so that every run draws the
        // same.
        int largest = 0;
        for (int i = 1; i < dims; i++) {
            if (Math.abs(axis[i]) > Math.abs(axis[largest]) + 1e-12) {
                largest = i;
            }
        }
        double sign = Math.signum(axis[largest]);
        return Arrays.stream(axis).map(x -> sign * x).toArray();
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /** The three coordinates of a key, relative to the mean. */
    double[] place(double[] key) {
        return direction(minus(key, mean));
    }

    /** A direction, such as the query, in three dimensions. */
    double[] direction(double[] vector) {
        return Arrays.stream(axes).mapToDouble(axis -> Volume.dot(axis, vector)).toArray();
    }

    static Vector3f vector(double[] place) {
        return new Vector3f((float) place[0], (float) place[1], (float) place[2]);
    }
}
