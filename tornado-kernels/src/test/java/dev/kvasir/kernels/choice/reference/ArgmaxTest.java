package dev.kvasir.kernels.choice.reference;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ArgmaxTest {

    @Test
    void takesTheFirstOfEqualsAndNoNaN() {
        float[] x = new float[53];
        x[23] = 2;
        x[36] = 2;
        assertThat(Argmax.of(x, 3, 50)).isEqualTo(20);
        x[3] = Float.NaN;
        assertThat(Argmax.of(x, 3, 50)).isEqualTo(20);
        Arrays.fill(x, Float.NaN);
        assertThat(Argmax.of(x, 3, 50)).isBetween(0, 49);
    }
}
