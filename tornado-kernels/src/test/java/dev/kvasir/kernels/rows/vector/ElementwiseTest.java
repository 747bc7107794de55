package dev.kvasir.kernels.rows.vector;

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
    @ValueSource(ints = {1, 2, 7, 16, 17, 61, 113, 512, 513, 2048})
    void everyOperationEqualsItsReference(int n) {
        var random = new Random(n);
        float[] x = Samples.floats(n + 2 * AT, random);
        float[] y = Samples.floats(n + 2 * AT, random);
        float[] weight = Samples.floats(n, random);

        float[] expected = new float[n + 2 * AT];
        float[] actual = new float[n + 2 * AT];
        dev.kvasir.kernels.rows.reference.Elementwise.rmsNorm(x, AT, weight, 1e-5f, expected, 1, n);
        Elementwise.rmsNorm(x, AT, weight, 1e-5f, actual, 1, n);
        assertNear(actual, expected);

        expected = x.clone();
        actual = x.clone();
        dev.kvasir.kernels.rows.reference.Elementwise.swiGlu(expected, AT, y, 2, n);
        new SwiGlu().apply(actual, AT, y, 2, n);
        assertNear(actual, expected);

        expected = x.clone();
        actual = x.clone();
        dev.kvasir.kernels.rows.reference.Elementwise.add(expected, AT, y, 2, n);
        Elementwise.add(actual, AT, y, 2, n);
        assertThat(actual).isEqualTo(expected);

        assertThat(Elementwise.argmax(x, AT, n)).isEqualTo(
                dev.kvasir.kernels.rows.reference.Elementwise.argmax(x, AT, n));
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
