package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.matrix.vector.product.FloatDot;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

class ByteDotTest {

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q5_0"})
    void resultIsThatOfTheJavaLoopToTheBit(TensorType type) {
        for (int cols : new int[]{32, 64, 288, 2048}) {
            var random = new Random(cols);
            try (var workers = new Workers(1);
                    PackedMatrix w = PackedMatrix.pack(Samples.matrix(type, 64, cols, random), workers)) {
                PackLayout layout = Objects.requireNonNull(w.layout());
                assumeThat(ByteDot.takes(layout)).isTrue();
                int blocks = cols / Activation.BLOCK;
                var x = new Activation(3, cols);
                x.set(Samples.floats(3 * cols, random), 0, cols, 3, cols);
                float[] expected = Samples.floats(70, random);
                float[] expected2 = Samples.floats(70, random);
                float[] actual = expected.clone();
                float[] actual2 = expected2.clone();
                FloatDot.scaledBytes(w.packed(), w.chunkAt(0, 0), w.chunkAt(1, 0), blocks, layout.blockBytes(),
                        x.values, 2 * cols, w.scaleUnit(0), w.scaleUnit(1), expected, expected2, 5);
                new ByteDot().multiply(w.packed(), w.chunkAt(0, 0), w.chunkAt(1, 0), blocks, x, 2 * cols,
                        w.scaleUnit(0), w.scaleUnit(1), actual, actual2, 5);
                assertThat(actual).isEqualTo(expected);
                assertThat(actual2).isEqualTo(expected2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "Q8_0")
    void whatLiesBeyondWeightsOrActivationsIsRefused(TensorType type) {
        try (var workers = new Workers(1);
                PackedMatrix w = PackedMatrix.pack(Samples.matrix(type, 64, 64, new Random(1)), workers)) {
            assumeThat(ByteDot.takes(Objects.requireNonNull(w.layout()))).isTrue();
            var x = new Activation(1, 64);
            var dot = new ByteDot();
            float[] y = new float[32];
            assertThatThrownBy(() -> dot.multiply(w.packed(), 0, w.chunkAt(1, 0), 3, x, 0, 1, 1, y, y, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> dot.multiply(w.packed(), 0, w.chunkAt(1, 0), 2, x, 32, 1, 1, y, y, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q5_1", "Q4_K", "Q6_K", "F16"})
    void otherLayoutsAreLeftToJava(TensorType type) {
        assertThat(ByteDot.takes(Objects.requireNonNull(PackLayout.of(type)))).isFalse();
    }
}
