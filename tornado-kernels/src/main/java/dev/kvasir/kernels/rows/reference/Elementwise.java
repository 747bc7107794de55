package dev.kvasir.kernels.rows.reference;

/** The small operations between the matrix products, scalar; sums are kept in double. */
public final class Elementwise {

    private Elementwise() {}

    /**
     * Root-mean-square norm: {@code y_i = w_i x_i / sqrt(mean(x^2) + eps)}; {@code x} and {@code y} may be the same.
     *
     * @param n elements of {@code x} from {@code xAt}, of {@code y} from {@code yAt}, and of {@code weight}
     */
    public static void rmsNorm(float[] x, int xAt, float[] weight, float eps, float[] y, int yAt, int n) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (double) x[xAt + i] * x[xAt + i];
        }
        float scale = (float) (1 / Math.sqrt(squares / n + eps));
        for (int i = 0; i < n; i++) {
            y[yAt + i] = weight[i] * (scale * x[xAt + i]);
        }
    }

    /** {@code gate_i = silu(gate_i) * up_i} with {@code silu(g) = g / (1 + exp(-g))}. */
    public static void swiGlu(float[] gate, int gateAt, float[] up, int upAt, int n) {
        for (int i = 0; i < n; i++) {
            double g = gate[gateAt + i];
            gate[gateAt + i] = (float) (g / (1 + Math.exp(-g)) * up[upAt + i]);
        }
    }

    /** {@code x_i += y_i}. */
    public static void add(float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }

    /** The index of the largest element, the first of equals; NaN is never chosen unless all are. */
    public static int argmax(float[] x, int xAt, int n) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (x[xAt + i] > x[xAt + best] || Float.isNaN(x[xAt + best])) {
                best = i;
            }
        }
        return best;
    }
}
