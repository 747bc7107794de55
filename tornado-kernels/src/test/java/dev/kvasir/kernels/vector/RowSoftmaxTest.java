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
}
