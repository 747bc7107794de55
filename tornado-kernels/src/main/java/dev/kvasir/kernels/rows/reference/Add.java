package dev.kvasir.kernels.rows.reference;

/** The sum of a residual connection. */
public final class Add {

    private Add() {}

    /** {@code x_i += y_i}. */
    public static void apply(float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }
}
