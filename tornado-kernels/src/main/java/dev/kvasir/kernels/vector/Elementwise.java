package dev.kvasir.kernels.vector;

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
        float scale = (float) (1 / Math.sqrt(squares(x, xAt, n) / n + eps));
        int i = 0;
        for (; i < F.loopBound(n); i += F.length()) {
            load(x, xAt + i).mul(scale).mul(load(weight, i)).intoArray(y, yAt + i);
        }
        for (; i < n; i++) {
            y[yAt + i] = weight[i] * (scale * x[xAt + i]);
        }
    }

    // Scalar, in four chains: the order within reduceLanes(ADD) changes once it is compiled, and bits must not.
    private static double squares(float[] x, int xAt, int n) {
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
        return a + b + (c + d);
    }

    /**
     * {@code gate_i = silu(gate_i) * up_i} with {@code silu(g) = g / (1 + exp(-g))}. An element's result is the same to
     * the bit wherever it stands, so that a token's does not depend on the tokens beside it.
     */
    public static void swiGlu(float[] gate, int gateAt, float[] up, int upAt, int n) {
        int i = 0;
        for (; i < F.loopBound(n); i += F.length()) {
            FloatVector g = load(gate, gateAt + i);
            g.div(VectorExp.exp(g.neg()).add(1f)).mul(load(up, upAt + i)).intoArray(gate, gateAt + i);
        }
        for (; i < n; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = g / (VectorExp.exp(-g) + 1f) * up[upAt + i];
        }
    }

    /** {@code x_i += y_i}. */
    public static void add(float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }

    /** {@code x_i *= factor}. */
    public static void scale(float[] x, int xAt, float factor, int n) {
        for (int i = 0; i < n; i++) {
            x[xAt + i] *= factor;
        }
    }

    /** {@code x_i = exp(x_i - max x) / sum_j exp(x_j - max x)}. */
    public static void softmax(float[] x, int xAt, int n) {
        float max = max(x, xAt, n);
        int i = 0;
        for (; i < F.loopBound(n); i += F.length()) {
            FloatVector v = load(x, xAt + i);
            // The approximation ends at 2^-126: what is further down, infinities above all, is nothing.
            FloatVector e = VectorExp.exp(v.sub(max));
            e = e.blend(0f, v.sub(max).lt(-87f));
            e.intoArray(x, xAt + i);
        }
        for (; i < n; i++) {
            x[xAt + i] = (float) Math.exp(x[xAt + i] - max);
        }
        double sum = 0;
        for (i = 0; i < n; i++) {
            sum += x[xAt + i];
        }
        scale(x, xAt, (float) (1 / sum), n);
    }

    private static float max(float[] x, int xAt, int n) {
        FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i < F.loopBound(n); i += F.length()) {
            largest = largest.max(load(x, xAt + i));
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
        return dev.kvasir.kernels.reference.Elementwise.argmax(x, xAt, n);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(F, x, at);
    }
}
