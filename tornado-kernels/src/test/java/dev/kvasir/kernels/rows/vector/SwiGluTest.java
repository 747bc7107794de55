package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SwiGluTest {
    private final SwiGlu swiGlu = new SwiGlu();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 17, 61, 113, 512, 513, 2048})
    void gateEqualsTheReference(int n) {
        var random = new Random(n);
        float[] expected = Samples.floats(n + 6, random);
        float[] up = Samples.floats(n + 6, random);
        float[] actual = expected.clone();
        dev.kvasir.kernels.rows.reference.SwiGlu.apply(expected, 3, up, 2, n);
        swiGlu.apply(actual, 3, up, 2, n);
        assertThat(Samples.distance(actual, expected)).isLessThan(1e-6);
    }

    @Test
    void extremeGatesGiveTheirLimit() {
        float[] gate = new float[32];
        Arrays.fill(gate, 0, 16, 200f);
        Arrays.fill(gate, 16, 32, -200f);
        float[] up = new float[32];
        Arrays.fill(up, 1f);
        swiGlu.apply(gate, 0, up, 0, 32);
        for (int i = 0; i < 16; i++) {
            assertThat(gate[i]).isEqualTo(200f);
            assertThat(Math.abs(gate[16 + i])).isLessThan(1e-30f);
        }
    }

    @Test
    void gatedElementIsTheSameWhereverItStands() {
        var random = new Random(5);
        float[] gate = Samples.floats(1301, random);
        float[] up = Samples.floats(1301, random);
        float[] together = gate.clone();
        swiGlu.apply(together, 0, up, 0, 1301);
        float[] alone = gate.clone();
        for (int i = 0; i < 1301; i++) {
            swiGlu.apply(alone, i, up, i, 1);
        }
        assertThat(alone).isEqualTo(together);
    }

    @Test
    void resultIsExactToThreeParts() {
        float[] gate = new float[1];
        for (float g = -87f; g < 88f; g += 0.00037f) {
            gate[0] = g;
            swiGlu.apply(gate, 0, new float[]{1f}, 0, 1);
            assertThat(gate[0] / (g / (1 + Math.exp(-g))) - 1).as("silu(%s)", g).isBetween(-4e-7, 4e-7);
        }
    }
}
