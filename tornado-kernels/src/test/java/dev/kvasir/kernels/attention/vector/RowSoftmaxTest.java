package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.simd.Lanes;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

class RowSoftmaxTest {
    private static final int LANES = Lanes.FLOATS.length();
    private static final int WIDTH = 4 * LANES;
    private static final int AT = 2;

    @Test
    void exponentialIsAccurateDownToItsCut() {
        float[] x = new float[LANES];
        float[] y = new float[LANES];
        for (float from = 0; from > -86.9f; from -= LANES * 0.0137f) {
            for (int i = 0; i < LANES; i++) {
                x[i] = Math.max(from - i * 0.0137f, -86.9f);
            }
            RowSoftmax.exp(FloatVector.fromArray(Lanes.FLOATS, x, 0)).intoArray(y, 0);
            for (int i = 0; i < LANES; i++) {
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
    void weightsAreExponentialsBelowTheMaximumAndZeroWhereMasked() {
        var random = new Random(3);
        for (int n : new int[]{1, LANES, 3 * LANES + 1, WIDTH}) {
            float[] s = scores(random);
            float[] expected = s.clone();
            float[] stats = new float[4];
            RowSoftmax.weights(s, AT, n, WIDTH, Float.NEGATIVE_INFINITY, 1, new float[LANES], stats, 1);
            float max = expected[AT];
            for (int i = 0; i < n; i++) {
                max = Math.max(max, expected[AT + i]);
            }
            double sum = 0;
            for (int i = 0; i < WIDTH; i++) {
                double e = i < n ? Math.exp(expected[AT + i] - max) : 0;
                assertThat(s[AT + i]).isCloseTo((float) e, offset(3e-7f * (float) e));
                sum += e;
            }
            assertThat(stats[0]).isZero();
            assertThat(stats[1]).isEqualTo(max);
            assertThat(stats[2] / sum - 1).isBetween(-1e-6, 1e-6);
            assertThat(stats[3]).isZero();
            assertThat(new float[]{s[0], s[1], s[AT + WIDTH]}).containsExactly(expected[0], expected[1],
                    expected[AT + WIDTH]);
        }
    }

    @Test
    void liftMultipliesTheWeightsAndNotTheirSum() {
        float[] plain = scores(new Random(4));
        float[] lifted = plain.clone();
        float[] stats = new float[4];
        RowSoftmax.weights(plain, AT, WIDTH, WIDTH, Float.NEGATIVE_INFINITY, 1, new float[LANES], stats, 0);
        RowSoftmax.weights(lifted, AT, WIDTH, WIDTH, Float.NEGATIVE_INFINITY, 4, new float[LANES], stats, 2);
        for (int i = 0; i < WIDTH; i++) {
            assertThat(lifted[AT + i]).isEqualTo(4 * plain[AT + i]);
        }
        assertThat(stats[3]).isEqualTo(stats[1]);
    }

    @Test
    void maximumIsNoLessThanTheOneBefore() {
        float[] s = scores(new Random(5));
        float[] stats = new float[2];
        RowSoftmax.weights(s, AT, LANES, WIDTH, 30, 1, new float[LANES], stats, 0);
        assertThat(stats[0]).isEqualTo(30);
        assertThat(stats[1]).isBetween(0f, LANES * (float) Math.exp(20 - 30));
    }

    private static float[] scores(Random random) {
        float[] s = new float[AT + WIDTH + 1];
        for (int i = 0; i < s.length; i++) {
            s[i] = 40 * random.nextFloat() - 20;
        }
        return s;
    }
}
