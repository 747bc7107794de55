package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ElementwiseTest {

    private static final int AT = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 17, 61, 113, 128, 2048})
    void everyOperationEqualsItsReference(int n) {
        var random = new Random(n);
        float[] x = Samples.floats(n + 2 * AT, random);
        float[] y = Samples.floats(n + 2 * AT, random);
        float[] weight = Samples.floats(n, random);

        float[] expected = new float[n + 2 * AT];
        float[] actual = new float[n + 2 * AT];
        dev.kvasir.kernels.reference.Elementwise.rmsNorm(x, AT, weight, 1e-5f, expected, 1, n);
        Elementwise.rmsNorm(x, AT, weight, 1e-5f, actual, 1, n);
        assertNear(actual, expected);

        expected = x.clone();
        actual = x.clone();
        dev.kvasir.kernels.reference.Elementwise.swiGlu(expected, AT, y, 2, n);
        Elementwise.swiGlu(actual, AT, y, 2, n);
        assertNear(actual, expected);

        expected = x.clone();
        actual = x.clone();
        dev.kvasir.kernels.reference.Elementwise.add(expected, AT, y, 2, n);
        Elementwise.add(actual, AT, y, 2, n);
        assertThat(actual).isEqualTo(expected);

        assertThat(Elementwise.argmax(x, AT, n)).isEqualTo(
                dev.kvasir.kernels.reference.Elementwise.argmax(x, AT, n));
    }

    @Test
    void swiGluOfExtremeGatesIsTheirLimit() {
        float[] gate = new float[32];
        Arrays.fill(gate, 0, 16, 200f);
        Arrays.fill(gate, 16, 32, -200f);
        float[] up = new float[32];
        Arrays.fill(up, 1f);
        Elementwise.swiGlu(gate, 0, up, 0, 32);
        for (int i = 0; i < 16; i++) {
            assertThat(gate[i]).isEqualTo(200f);
            assertThat(Math.abs(gate[16 + i])).isLessThan(1e-30f);
        }
    }

    @Test
    void gatedElementIsTheSameWhereverItStands() {
        var random = new Random(5);
        float[] gate = Samples.floats(301, random);
        float[] up = Samples.floats(301, random);
        float[] together = gate.clone();
        Elementwise.swiGlu(together, 0, up, 0, 301);
        float[] alone = gate.clone();
        for (int i = 0; i < 301; i++) {
            Elementwise.swiGlu(alone, i, up, i, 1);
        }
        assertThat(alone).isEqualTo(together);
    }

    @Test
    void exponentialOfTheGateIsExactToTwoParts() {
        for (float x = -87f; x < 88f; x += 0.00037f) {
            assertThat(SwiGlu.exp(x) / Math.exp(x) - 1).as("exp(%s)", x).isBetween(-3e-7, 3e-7);
        }
    }

    @Test
    void argmaxTakesTheFirstOfEqualsAndNoNaN() {
        float[] x = new float[50];
        x[20] = 2;
        x[33] = 2;
        assertThat(Elementwise.argmax(x, 0, 50)).isEqualTo(20);
        x[3] = Float.NaN;
        assertThat(Elementwise.argmax(x, 0, 50)).isEqualTo(20);
        Arrays.fill(x, Float.NaN);
        assertThat(Elementwise.argmax(x, 0, 50)).isBetween(0, 49);
    }

    private static void assertNear(float[] actual, float[] expected) {
        assertThat(Samples.distance(actual, expected)).isLessThan(1e-6);
    }
}
