package dev.kvasir.kvcache.policy.token;

/** What is lost by storing a vector in few bits between its smallest and its largest number. */
final class StoringError {
    private StoringError() {}

    /**
     * {@code || x - (min + s round((x - min) / s)) ||_2} with {@code s = (max - min) / (2^bits - 1)}.
     *
     * @param bits 1 to 16
     */
    static float of(float[] numbers, int offset, int count, int bits) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + count; i++) {
            min = Math.min(min, numbers[i]);
            max = Math.max(max, numbers[i]);
        }
        float scale = (max - min) / ((1 << bits) - 1);
        if (!(scale > 0)) {
            return 0;
        }
        double sum = 0;
        for (int i = offset; i < offset + count; i++) {
            double error = numbers[i] - (min + scale * Math.rint((numbers[i] - min) / scale));
            sum += error * error;
        }
        return (float) Math.sqrt(sum);
    }
}
