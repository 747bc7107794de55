package dev.kvasir.kernels.choice.reference;

/** The index of the largest of a run of numbers, such as the logits of a token. */
public final class Argmax {

    private Argmax() {}

    /** The index, counted from {@code xAt}, of the first of the largest; a NaN only if all are. */
    public static int of(float[] x, int xAt, int n) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (x[xAt + i] > x[xAt + best] || Float.isNaN(x[xAt + best])) {
                best = i;
            }
        }
        return best;
    }
}
