package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class MatMulTest {

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void equalsTheReference(TensorType type) {
        try (var workers = new Workers(2)) {
            var product = new MatMul(workers);
            for (int tokens : new int[]{1, 11, 17, 61}) {
                for (int rows : new int[]{1, 33, 160}) {
                    for (int cols : type.blockElements() == 256 ? new int[]{256, 512} : new int[]{32, 288}) {
                        var random = new Random(tokens * 1000L + rows);
                        Matrix w = Samples.matrix(type, rows, cols, random);
                        float[] x = Samples.floats(tokens * cols, random);
                        float[] expected = new float[tokens * rows];
                        dev.kvasir.kernels.matrix.reference.MatMul.multiply(w, x, 0, tokens, expected, 0);
                        float[] y = new float[tokens * rows];
                        try (var packed = PackedMatrix.pack(w, workers)) {
                            product.multiply(x, 0, tokens, packed, y);
                        }
                        assertThat(Samples.distance(y, expected)).as("%d tokens, %d x %d", tokens, rows,
                                cols).isLessThan(rows == 1 ? 5e-5 : 1e-5);
                    }
                }
            }
        }
    }

    @Test
    void aTokensResultDoesNotDependOnTheOthers() {
        try (var workers = new Workers(2)) {
            var product = new MatMul(workers);
            Matrix w = Samples.matrix(TensorType.Q6_K, 70, 512, new Random(1));
            float[] x = Samples.floats(29 * 512, new Random(2));
            float[] all = new float[29 * 70];
            try (var packed = PackedMatrix.pack(w, workers)) {
                product.multiply(x, 0, 29, packed, all);
                for (int t = 0; t < 29; t++) {
                    float[] one = new float[70];
                    product.multiply(x, t * 512, 1, packed, one);
                    assertThat(Arrays.copyOfRange(all, t * 70, (t + 1) * 70)).isEqualTo(one);
                }
            }
        }
    }
}
