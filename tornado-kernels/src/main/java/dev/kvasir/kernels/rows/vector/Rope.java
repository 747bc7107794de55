package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * Rotary position embedding: pairs of elements of every head are turned by the angles of one position,
 * {@code (a, b) -> (a cos - b sin, a sin + b cos)}. {@code cos} and {@code sin} hold {@code rotated / 2} values of that
 * position from {@code at}; elements of a head beyond {@code rotated} stay as they are.
 */
public final class Rope {

    private Rope() {}

    /**
     * Pairs are neighbours, {@code (2 i, 2 i + 1)}: the layout of {@code llama} models in GGUF. A plain loop: the shuffles
     * that vectors would need cost as much as they save, and the whole is a thousandth of a step.
     */
    public static void interleaved(float[] x, int xAt, int heads, int headDim, int rotated, float[] cos, float[] sin,
            int at) {
        for (int h = 0; h < heads; h++) {
            int first = xAt + h * headDim;
            for (int i = 0; i < rotated / 2; i++) {
                float a = x[first + 2 * i];
                float b = x[first + 2 * i + 1];
                x[first + 2 * i] = a * cos[at + i] - b * sin[at + i];
                x[first + 2 * i + 1] = a * sin[at + i] + b * cos[at + i];
            }
        }
    }

    /** Pairs are half the rotated part apart, {@code (i, i + rotated / 2)}: NeoX, and the {@code qwen} models. */
    public static void halves(float[] x, int xAt, int heads, int headDim, int rotated, float[] cos, float[] sin,
            int at) {
        int half = rotated / 2;
        int step = Lanes.FLOATS.length();
        for (int h = 0; h < heads; h++) {
            int first = xAt + h * headDim;
            int i = 0;
            for (; i + step <= half; i += step) {
                FloatVector a = FloatVector.fromArray(Lanes.FLOATS, x, first + i);
                FloatVector b = FloatVector.fromArray(Lanes.FLOATS, x, first + half + i);
                FloatVector c = FloatVector.fromArray(Lanes.FLOATS, cos, at + i);
                FloatVector s = FloatVector.fromArray(Lanes.FLOATS, sin, at + i);
                a.mul(c).sub(b.mul(s)).intoArray(x, first + i);
                a.mul(s).add(b.mul(c)).intoArray(x, first + half + i);
            }
            for (; i < half; i++) {
                float a = x[first + i];
                float b = x[first + half + i];
                x[first + i] = a * cos[at + i] - b * sin[at + i];
                x[first + half + i] = a * sin[at + i] + b * cos[at + i];
            }
        }
    }
}
