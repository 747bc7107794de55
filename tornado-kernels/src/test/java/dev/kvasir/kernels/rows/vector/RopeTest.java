package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RopeTest {

    @Test
    void halvesAndPairsEqualTheReference() {
        for (int headDim : new int[]{8, 48, 64, 128}) {
            for (int rotated : new int[]{2, 8, headDim / 2, headDim}) {
                var random = new Random(headDim + rotated);
                float[] angles = Samples.floats(200, random);
                float[] cos = new float[200];
                float[] sin = new float[200];
                for (int i = 0; i < 200; i++) {
                    cos[i] = (float) Math.cos(angles[i]);
                    sin[i] = (float) Math.sin(angles[i]);
                }
                float[] x = Samples.floats(5 + 3 * headDim, random);
                float[] expected = x.clone();
                float[] actual = x.clone();
                dev.kvasir.kernels.rows.reference.Rope.halves(expected, 5, 3, headDim, rotated, cos, sin, 7);
                Rope.halves(actual, 5, 3, headDim, rotated, cos, sin, 7);
                assertThat(actual).as("%d of %d", rotated, headDim).isEqualTo(expected);
                dev.kvasir.kernels.rows.reference.Rope.interleaved(expected, 5, 3, headDim, rotated, cos, sin, 7);
                Rope.interleaved(actual, 5, 3, headDim, rotated, cos, sin, 7);
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTurnKeepsThePairsLengthAndTurnsByTheAngle() {
        float[] x = {1, 0, 0, 1};
        float[] cos = {0, 1};
        float[] sin = {1, 0};
        dev.kvasir.kernels.rows.reference.Rope.interleaved(x, 0, 1, 4, 4, cos, sin, 0);
        assertThat(x).containsExactly(0, 1, 0, 1);
        float[] y = {1, 0, 0, 1};
        dev.kvasir.kernels.rows.reference.Rope.halves(y, 0, 1, 4, 4, cos, sin, 0);
        assertThat(y).containsExactly(0, 0, 1, 1);
    }
}
