package dev.kvasir.kernels.rows.reference;

/** Root-mean-square norm: {@code y_i = w_i x_i / sqrt(mean(x^2) + eps)}. The sum of squares is kept in double. */
public final class RmsNorm {

    private RmsNorm() {}

    /**
     * Norms one row; {@code x} and {@code y} may be the same.
     *
     * @param n elements of {@code x} from {@code xAt}, of {@code y} from {@code yAt}, and of {@code weight}
     */
    public static void apply(float[] x, int xAt, float[] weight, float eps, float[] y, int yAt, int n) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (double) x[xAt + i] * x[xAt + i];
        }
        float scale = (float) (1 / Math.sqrt(squares / n + eps));
        for (int i = 0; i < n; i++) {
            y[yAt + i] = weight[i] * (scale * x[xAt + i]);
        }
    }
}
