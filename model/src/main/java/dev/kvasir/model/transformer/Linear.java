package dev.kvasir.model.transformer;

/**
 * Matrices over one input, each with the bias that its rows get, if any.
 *
 * @param biases one a matrix; an empty array where there is none
 */
public record Linear(PackedWeight[] weights, float[][] biases) {

    /** Bytes besides the file. */
    long bytes() {
        long sum = 0;
        for (PackedWeight weight : weights) {
            sum += weight.bytes();
        }
        return sum;
    }
}
