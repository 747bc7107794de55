package dev.kvasir.kernels.rows.vector;

/** Root-mean-square norm: {@code y_i = w_i x_i / sqrt(mean(x^2) + eps)}. */
public final class RmsNorm {

    private RmsNorm() {}

    /**
     * Norms one row; {@code x} and {@code y} may be the same.
     *
     * @param n elements of {@code x} from {@code xAt}, of {@code y} from {@code yAt}, and of {@code weight}
     */
    public static void apply(float[] x, int xAt, float[] weight, float eps, float[] y, int yAt, int n) {
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
        // A plain loop, too: vectors would gain half a microsecond for a norm, and lose milliseconds until they are
        // compiled.
        for (i = 0; i < n; i++) {
            y[yAt + i] = weight[i] * (scale * x[xAt + i]);
        }
    }
}
