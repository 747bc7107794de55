package dev.kvasir.kernels.vector;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class HalfMatMulTest {

    private static final double TOLERANCE = 5e-3;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void isNearTheReference(TensorType type) {
        for (int tokens : new int[]{1, 5, 33}) {
            for (int rows : new int[]{33, 1024, 1100}) {
                int cols = type.blockElements() == 256 ? 512 : type.blockElements() == 1 ? 301 : 288;
                var random = new Random(tokens * 1000L + rows);
                Matrix w = Samples.matrix(type, rows, cols, random);
                float[] x = Samples.floats(tokens * cols, random);
                assertThat(Samples.distance(multiply(2, x, tokens, w), reference(x, tokens, w)))
                        .as("%d tokens, %d x %d", tokens, rows, cols)
                        .isLessThan(tokens == 1 ? 2 * TOLERANCE : TOLERANCE);
            }
        }
    }

    @Test
    void manyTokensAreCutIntoPieces() {
        Matrix w = Samples.matrix(TensorType.Q8_0, 160, 64, new Random(1));
        float[] x = Samples.floats(203 * 64, new Random(2));
        float[] one = multiply(1, x, 203, w);
        assertThat(Samples.distance(one, reference(x, 203, w))).isLessThan(TOLERANCE);
        assertThat(multiply(3, x, 203, w)).isEqualTo(one);
    }

    @Test
    void matricesShareTiles() {
        Random random = new Random(3);
        int tokens = 7;
        Matrix[] ws = new Matrix[3];
        int[] rows = {1000, 40, 1030};
        for (int i = 0; i < ws.length; i++) {
            ws[i] = Samples.matrix(TensorType.Q4_0, rows[i], 160, random);
        }
        float[] x = Samples.floats(tokens * 160, random);
        float[][] ys = new float[3][];
        try (var workers = new Workers(2)) {
            var packed = new PackedMatrix[3];
            for (int i = 0; i < 3; i++) {
                packed[i] = PackedMatrix.pack(ws[i], workers);
                ys[i] = new float[tokens * rows[i]];
            }
            new HalfMatMul(workers).multiply(x, 0, tokens, packed, ys);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(Samples.distance(ys[i], reference(x, tokens, ws[i]))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aTokensResultDoesNotDependOnTheOthers() {
        Matrix w = Samples.matrix(TensorType.Q6_K, 70, 512, new Random(1));
        float[] x = Samples.floats(13 * 512, new Random(2));
        float[] all = multiply(2, x, 13, w);
        for (int t = 0; t < 13; t++) {
            assertThat(Arrays.copyOfRange(all, t * 70, (t + 1) * 70))
                    .isEqualTo(multiply(2, Arrays.copyOfRange(x, t * 512, (t + 1) * 512), 1, w));
        }
    }

    @Test
    void sizesBeyondThoseOfSixteenBitsDoNotMatter() {
        Random random = new Random(4);
        for (float weight : new float[]{1e-12f, 1e-6f, 1e9f}) {
            for (float input : new float[]{1e-15f, 1, 1e12f}) {
                float[] values = Samples.floats(64 * 300, random);
                for (int i = 0; i < values.length; i++) {
                    values[i] *= weight;
                }
                Matrix w = new Matrix(TensorType.F32, MemorySegment.ofArray(values), 64, 300);
                float[] x = Samples.floats(6 * 300, random);
                for (int i = 0; i < x.length; i++) {
                    x[i] *= input;
                }
                assertThat(Samples.distance(multiply(2, x, 6, w), reference(x, 6, w)))
                        .as("weights of %g, inputs of %g", weight, input)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void anOutlierSpoilsNoOtherToken() {
        Matrix w = Samples.matrix(TensorType.Q8_0, 64, 256, new Random(5));
        float[] x = Samples.floats(5 * 256, new Random(6));
        x[256] = 3000;
        x[2 * 256] = Float.NaN;
        x[3 * 256] = Float.POSITIVE_INFINITY;
        float[] y = multiply(2, x, 5, w);
        for (int row = 0; row < 64; row++) {
            assertThat(y[2 * 64 + row]).isNaN();
            assertThat(Float.isFinite(y[3 * 64 + row])).isFalse();
        }
        for (int t : new int[]{0, 1, 4}) {
            float[] alone = Arrays.copyOfRange(x, t * 256, (t + 1) * 256);
            assertThat(Samples.distance(Arrays.copyOfRange(y, t * 64, (t + 1) * 64), reference(alone, 1, w)))
                    .isLessThan(TOLERANCE);
        }
    }

    private static float[] multiply(int threads, float[] x, int tokens, Matrix w) {
        float[] y = new float[tokens * w.rows()];
        try (var workers = new Workers(threads); var packed = PackedMatrix.pack(w, workers)) {
            new HalfMatMul(workers).multiply(x, 0, tokens, new PackedMatrix[]{packed}, new float[][]{y});
        }
        return y;
    }

    private static float[] reference(float[] x, int tokens, Matrix w) {
        float[] y = new float[tokens * w.rows()];
        dev.kvasir.kernels.reference.MatMul.multiply(w, x, tokens, y);
        return y;
    }
}
