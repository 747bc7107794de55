package dev.kvasir.kernels.matrix.vector.pack;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RoundedActivationTest {

    private static final int BLOCK = Activation.BLOCK;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void equalsTheScalarForm(int blocks) {
        var random = new Random(blocks);
        for (float magnitude : new float[]{1, 1e-30f, 1e30f, 1e-42f, 0}) {
            float[] values = new float[blocks * BLOCK];
            for (int i = 0; i < values.length; i++) {
                // Ties among them: with 127 as the largest the scale is 1.
                values[i] = magnitude * (i % 5 == 0
                        ? random.nextInt(-126, 126) + 0.5f
                        : 127 * (2 * random.nextFloat()
                                - 1));
            }
            values[random.nextInt(values.length)] = -127 * magnitude;
            int[] ladder = new int[values.length];
            int[] centre = new int[blocks];
            float[] scales = new float[blocks];
            RoundedActivation.round(values, blocks, ladder, centre, scales);
            for (int b = 0; b < blocks; b++) {
                checkBlock(Arrays.copyOfRange(values, b * BLOCK, (b + 1) * BLOCK),
                        Arrays.copyOfRange(ladder, b * BLOCK, (b + 1) * BLOCK), centre[b], scales[b]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsNotFiniteShowsInTheScale(float bad) {
        for (int at = 0; at < BLOCK; at++) {
            float[] values = new float[BLOCK];
            Arrays.fill(values, 1);
            values[at] = bad;
            float[] scales = new float[1];
            RoundedActivation.round(values, 1, new int[BLOCK], new int[1], scales);
            assertThat(Float.isFinite(scales[0])).isFalse();
        }
    }

    private static void checkBlock(float[] values, int[] ladder, int centre, float scale) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(scale).isEqualTo(largest / 127);
        float inverse = scale < Float.MIN_NORMAL ? 0 : 1 / scale;
        int[] x = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            x[i] = (int) Math.rint(values[i] * inverse);
            assertThat(Math.abs(x[i])).isLessThanOrEqualTo(127);
        }
        for (int i = 0; i < BLOCK; i += 4) {
            assertThat(Arrays.copyOfRange(ladder, i, i + 4)).containsExactly(
                    twice(x[i] - 16 * x[i + 3] + 4096 * x[i + 1]), twice(x[i + 1] - 16 * x[i]),
                    twice(x[i + 2] - 16 * x[i + 1] + 4096 * x[i + 3]), twice(x[i + 3] - 16 * x[i + 2]));
        }
        assertThat(centre).isEqualTo(twice(-8 * Arrays.stream(x).sum()));
    }

    private static int twice(int number) {
        return number & 0xffff | number << 16;
    }
}
