package dev.kvasir.model.transformer;

/**
 * Matrices over one input, each with an optional bias.
 *
 * @param biases one for each matrix; an empty array means no bias
 */
public record Linear(PackedWeight[] weights, float[][] biases) {

    /** Bytes in memory, in addition to the file. */
    long bytes() {
        long sum = 0;
        for (PackedWeight weight : weights) {
            sum += weight.bytes();
        }
        return sum;
    }
}
