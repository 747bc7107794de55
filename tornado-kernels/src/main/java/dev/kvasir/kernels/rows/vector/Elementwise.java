package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The small operations between the matrix products. All allocate nothing. */
public final class Elementwise {

    private static final VectorSpecies<Float> F = Lanes.FLOATS;

    private Elementwise() {}

    /**
     * Root-mean-square norm: {@code y_i = w_i x_i / sqrt(mean(x^2) + eps)}; {@code x} and {@code y} may be the same.
     *
     * @param n elements of {@code x} from {@code xAt}, of {@code y} from {@code yAt}, and of {@code weight}
     */
    public static void rmsNorm(float[] x, int xAt, float[] weight, float eps, float[] y, int yAt, int n) {
        // Scalar, in four chains: the order within reduceLanes(ADD) changes once it is compiled, and bits must not.
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            int at = xAt + i;
            a += (double) x[at] * x[at];
            b += (double) x[at + 1] * x[at + 1];
            c += (double) x[at + 2] * x[at + 2];
            d += (double) x[at + 3] * x[at + 3];
        }
        for (; i < n; i++) {
            a += (double) x[xAt + i] * x[xAt + i];
        }
        float scale = (float) (1 / Math.sqrt((a + b + (c + d)) / n + eps));
        // Plain, too: vectors would gain half a microsecond a norm, and lose milliseconds until they are compiled.
        for (i = 0; i < n; i++) {
            y[yAt + i] = weight[i] * (scale * x[xAt + i]);
        }
    }

    /** {@code x_i += y_i}. */
    public static void add(float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }

    private static float max(float[] x, int xAt, int n) {
        FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i < F.loopBound(n); i += F.length()) {
            largest = load(x, xAt + i).max(largest);
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, x[xAt + i]);
        }
        return max;
    }

    /** The index of the largest element, the first of equals; NaN is never chosen unless all are. */
    public static int argmax(float[] x, int xAt, int n) {
        float max = max(x, xAt, n);
        for (int i = 0; i < n; i++) {
            if (x[xAt + i] == max) {
                return i;
            }
        }
        return dev.kvasir.kernels.rows.reference.Elementwise.argmax(x, xAt, n);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(F, x, at);
    }
}
