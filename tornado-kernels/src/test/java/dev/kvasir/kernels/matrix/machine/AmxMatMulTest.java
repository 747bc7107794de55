package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.matrix.vector.MatMul;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class AmxMatMulTest {

    private static final double TOLERANCE = 5e-3;

    @BeforeEach
    void needsAMatrixUnit() {
        assumeTrue(AmxProduct.create().isPresent(), "this processor has no AMX, or its vectors are not of 512 bits");
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void isNearTheReference(TensorType type) {
        int few = type.blockElements();
        for (int tokens : new int[]{1, 16, 33}) {
            for (int rows : new int[]{1, 32, 300}) {
                for (int cols : few == 256 ? new int[]{256, 768} : few == 1 ? new int[]{7, 301} : new int[]{32, 288}) {
                    var random = new Random(tokens * 1000L + rows);
                    Matrix w = Samples.matrix(type, rows, cols, random);
                    float[] x = Samples.floats(tokens * cols, random);
                    assertThat(Samples.distance(multiply(2, x, tokens, w), reference(x, tokens, w)))
                            .as("%d tokens, %d x %d", tokens, rows, cols)
                            .isLessThan(rows == 1 ? 5 * TOLERANCE : TOLERANCE);
                }
            }
        }
    }

    @Test
    void bfloat16ProductsAreExactButForTheirSums() {
        var random = new Random(8);
        float[] weights = bfloats(64 * 320, random);
        float[] x = bfloats(20 * 320, random);
        Matrix w = new Matrix(TensorType.F32, MemorySegment.ofArray(weights), 64, 320);
        assertThat(Samples.distance(multiply(2, x, 20, w), reference(x, 20, w))).isLessThan(1e-6);
    }

    @Test
    void manyTokensAreCutIntoParts() {
        Matrix w = Samples.matrix(TensorType.Q8_0, 96, 64, new Random(1));
        float[] x = Samples.floats(1100 * 64, new Random(2));
        float[] one = multiply(1, x, 1100, w);
        assertThat(Samples.distance(one, reference(x, 1100, w))).isLessThan(TOLERANCE);
        assertThat(multiply(3, x, 1100, w)).isEqualTo(one);
    }

    @Test
    void matricesShareTheInput() {
        Random random = new Random(3);
        int tokens = 7;
        Matrix[] ws = new Matrix[3];
        int[] rows = {1000, 40, 530};
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
            AmxMatMul.create(workers).orElseThrow().multiply(x, 0, tokens, packed, ys);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(Samples.distance(ys[i], reference(x, tokens, ws[i]))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aTokensResultDoesNotDependOnTheOthers() {
        Matrix w = Samples.matrix(TensorType.Q6_K, 70, 512, new Random(1));
        float[] x = Samples.floats(40 * 512, new Random(2));
        float[] all = multiply(2, x, 40, w);
        for (int t = 0; t < 40; t++) {
            assertThat(Arrays.copyOfRange(all, t * 70, (t + 1) * 70))
                    .isEqualTo(multiply(2, Arrays.copyOfRange(x, t * 512, (t + 1) * 512), 1, w));
        }
    }

    @Test
    void whatASmallerProductLeftBehindDoesNotMatter() {
        Matrix large = Samples.matrix(TensorType.Q4_1, 64, 512, new Random(4));
        Matrix small = Samples.matrix(TensorType.Q8_0, 40, 96, new Random(5));
        float[] x = Samples.floats(40 * 512, new Random(6));
        float[] expected = multiply(1, x, 5, small);
        try (var workers = new Workers(1);
                var packedLarge = PackedMatrix.pack(large, workers);
                var packedSmall = PackedMatrix.pack(small, workers)) {
            AmxMatMul product = AmxMatMul.create(workers).orElseThrow();
            multiply(product, x, 40, packedLarge);
            assertThat(multiply(product, x, 5, packedSmall)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotFiniteSpoilsNoOtherToken() {
        Matrix w = Samples.matrix(TensorType.Q8_0, 64, 256, new Random(5));
        float[] x = Samples.floats(5 * 256, new Random(6));
        x[256] = 3e30f;
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

    @Test
    void onlyARoundedProductOfLargeMatricesUsesIt() {
        Random random = new Random(7);
        try (var workers = new Workers(2);
                var large = PackedMatrix.pack(Samples.matrix(TensorType.Q8_0, 2048, 512, random), workers);
                var small = PackedMatrix.pack(Samples.matrix(TensorType.Q8_0, 2047, 512, random), workers)) {
            float[] x = Samples.floats(9 * 512, random);
            assertThat(Samples.distance(multiply(new MatMul(workers, true), x, large),
                    multiply(new MatMul(workers), x, large))).isBetween(1e-4, TOLERANCE);
            assertThat(multiply(new MatMul(workers, true), x, small))
                    .isEqualTo(multiply(new MatMul(workers), x, small));
        }
    }

    private static float[] multiply(MatMul product, float[] x, PackedMatrix w) {
        float[] y = new float[9 * w.rows()];
        product.multiply(x, 0, 9, w, y);
        return y;
    }

    private static float[] bfloats(int n, Random random) {
        float[] values = Samples.floats(n, random);
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff_0000);
        }
        return values;
    }

    private static float[] multiply(int threads, float[] x, int tokens, Matrix w) {
        try (var workers = new Workers(threads); var packed = PackedMatrix.pack(w, workers)) {
            return multiply(AmxMatMul.create(workers).orElseThrow(), x, tokens, packed);
        }
    }

    private static float[] multiply(AmxMatMul product, float[] x, int tokens, PackedMatrix w) {
        float[] y = new float[tokens * w.rows()];
        product.multiply(x, 0, tokens, new PackedMatrix[]{w}, new float[][]{y});
        return y;
    }

    private static float[] reference(float[] x, int tokens, Matrix w) {
        float[] y = new float[tokens * w.rows()];
        dev.kvasir.kernels.matrix.reference.MatMul.multiply(w, x, 0, tokens, y, 0);
        return y;
    }
}
