package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RmsNormTest {
    private static final int AT = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 17, 61, 113, 512, 513, 2048})
    void normEqualsTheReference(int n) {
        var random = new Random(n);
        float[] x = Samples.floats(n + 2 * AT, random);
        float[] weight = Samples.floats(n, random);
        float[] expected = new float[n + 2 * AT];
        float[] actual = new float[n + 2 * AT];
        dev.kvasir.kernels.rows.reference.RmsNorm.apply(x, AT, weight, 1e-5f, expected, 1, n);
        RmsNorm.apply(x, AT, weight, 1e-5f, actual, 1, n);
        assertThat(Samples.distance(actual, expected)).isLessThan(1e-6);
        RmsNorm.apply(x, AT, weight, 1e-5f, x, AT, n);
        for (int i = 0; i < n; i++) {
            assertThat(x[AT + i]).as("in place").isEqualTo(actual[1 + i]);
        }
    }
}
