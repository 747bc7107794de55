package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AddTest {
    private static final int AT = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 17, 61, 113, 513})
    void sumEqualsTheReferenceAndLeavesTheRest(int n) {
        var random = new Random(n);
        float[] expected = Samples.floats(n + 2 * AT, random);
        float[] y = Samples.floats(n + 2 * AT, random);
        float[] actual = expected.clone();
        dev.kvasir.kernels.rows.reference.Add.apply(expected, AT, y, 2, n);
        Add.apply(actual, AT, y, 2, n);
        assertThat(actual).isEqualTo(expected);
    }
}
