package dev.kvasir.kernels.rows.reference;

/**
 * Rotary position embedding: pairs of elements of every head are turned by the angles of one position,
 * {@code (a, b) -> (a cos - b sin, a sin + b cos)}. {@code cos} and {@code sin} hold {@code rotated / 2} values of that
 * position from {@code at}; elements of a head beyond {@code rotated} stay as they are.
 */
public final class Rope {

    private Rope() {}

    /** Pairs are neighbours, {@code (2 i, 2 i + 1)}: the layout of {@code llama} models in GGUF. */
    public static void interleaved(float[] x, int xAt, int heads, int headDim, int rotated, float[] cos, float[] sin,
            int at) {
        for (int h = 0; h < heads; h++) {
            int head = xAt + h * headDim;
            for (int i = 0; i < rotated / 2; i++) {
                rotate(x, head + 2 * i, head + 2 * i + 1, cos[at + i], sin[at + i]);
            }
        }
    }

    /** Pairs are half the rotated part apart, {@code (i, i + rotated / 2)}: NeoX, and the {@code qwen} models. */
    public static void halves(float[] x, int xAt, int heads, int headDim, int rotated, float[] cos, float[] sin,
            int at) {
        for (int h = 0; h < heads; h++) {
            int head = xAt + h * headDim;
            for (int i = 0; i < rotated / 2; i++) {
                rotate(x, head + i, head + i + rotated / 2, cos[at + i], sin[at + i]);
            }
        }
    }

    private static void rotate(float[] x, int first, int second, float cos, float sin) {
        float a = x[first];
        float b = x[second];
        x[first] = a * cos - b * sin;
        x[second] = a * sin + b * cos;
    }
}
