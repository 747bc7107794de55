package dev.kvasir.kernels.vector;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RowSoftmaxTest {

    @Test
    void exponentialIsAccurateDownToItsCut() {
        int lanes = Lanes.FLOATS.length();
        float[] x = new float[lanes];
        float[] y = new float[lanes];
        for (float from = 0; from > -86.9f; from -= lanes * 0.0137f) {
            for (int i = 0; i < lanes; i++) {
                x[i] = Math.max(from - i * 0.0137f, -86.9f);
            }
            RowSoftmax.exp(FloatVector.fromArray(Lanes.FLOATS, x, 0)).intoArray(y, 0);
            for (int i = 0; i < lanes; i++) {
                assertThat(y[i] / Math.exp(x[i]) - 1).as("exp(%s)", x[i]).isBetween(-3e-7, 3e-7);
            }
        }
    }

    @Test
    void exponentialOfNothingIsExactlyOneAndOfMaskedScoresExactlyZero() {
        for (float x : new float[]{-87.1f, -104f, -1e5f, -1e30f, Float.NEGATIVE_INFINITY}) {
            assertThat(RowSoftmax.exp(FloatVector.broadcast(Lanes.FLOATS, x)).toArray()).containsOnly(0f);
        }
        assertThat(RowSoftmax.exp(FloatVector.zero(Lanes.FLOATS)).toArray()).containsOnly(1f);
    }

    @Test
    void weightsAreTheMaximumAndTheExponentialsInOneCall() {
        int lanes = Lanes.FLOATS.length();
        int width = 4 * lanes;
        var random = new java.util.Random(3);
        for (int n : new int[]{1, lanes, 3 * lanes + 1, width}) {
            float[] one = new float[width + 3];
            for (int i = 0; i < one.length; i++) {
                one[i] = 40 * random.nextFloat() - 20;
            }
            float[] other = one.clone();
            float[] stats = new float[4];
            RowSoftmax.weights(one, 2, n, width, 4, new float[lanes], stats, 1);
            float max = RowSoftmax.maskAndMax(other, 2, n, width);
            float sum = RowSoftmax.exponentials(other, 2, width, max, new float[lanes]);
            assertThat(stats).containsExactly(0, max, sum, 0);
            for (int i = 0; i < width; i++) {
                assertThat(one[2 + i]).isEqualTo(4 * other[2 + i]);
            }
        }
    }
}
