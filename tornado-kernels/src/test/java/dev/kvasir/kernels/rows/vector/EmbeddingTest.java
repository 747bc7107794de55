package dev.kvasir.kernels.rows.vector;

import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddingTest {

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void rowEqualsTheReference(TensorType type) {
        Matrix table = Samples.matrix(type, 3, 512, new Random(1));
        float[] expected = new float[2 + 512];
        float[] actual = new float[2 + 512];
        dev.kvasir.kernels.rows.reference.Embedding.row(table, 2, expected, 1);
        Embedding.row(table, 2, actual, 1);
        assertThat(actual).isEqualTo(expected);
        assertThatThrownBy(() -> Embedding.row(table, 3, actual, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
