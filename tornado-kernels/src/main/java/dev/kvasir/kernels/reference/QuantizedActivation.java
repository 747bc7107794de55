package dev.kvasir.kernels.reference;

/**
 * Activations rounded to 8 bits in blocks of 32, as the integer kernels see them: {@code q = round(x * 127 / max|x|)},
 * ties to even, stands for {@code q * max|x| / 127}.
 */
public final class QuantizedActivation {

    private static final int BLOCK = 32;

    private QuantizedActivation() {}

    /** The values that {@code x[from .. from + cols)} stand for once rounded. */
    public static float[] roundTrip(float[] x, int from, int cols) {
        float[] rounded = new float[cols];
        for (int start = 0; start < cols; start += BLOCK) {
            int end = Math.min(cols, start + BLOCK);
            float max = 0;
            for (int i = start; i < end; i++) {
                max = Math.max(max, Math.abs(x[from + i]));
            }
            if (max < 1e-30f) {
                continue;
            }
            for (int i = start; i < end; i++) {
                rounded[i] = (float) Math.rint(x[from + i] * (127f / max)) * (max / 127f);
            }
        }
        return rounded;
    }
}
