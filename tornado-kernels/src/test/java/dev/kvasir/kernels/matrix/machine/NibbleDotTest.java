package dev.kvasir.kernels.matrix.machine;

import dev.kvasir.kernels.matrix.vector.MatVec;
import dev.kvasir.kernels.matrix.vector.pack.Activation;
import dev.kvasir.kernels.matrix.vector.pack.PackLayout;
import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class NibbleDotTest {

    @BeforeAll
    static void machine() {
        assumeTrue(NibbleDot.takes(PackLayout.Q4_0, 256), "this processor lacks AVX-512 or VNNI");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void equalsTheJavaKernel(int workerCount) {
        try (var workers = new Workers(workerCount)) {
            for (int rows : new int[]{1, 4, 8, 31, 32, 33, 96, 100, 128, 129, 300}) {
                for (int cols : new int[]{32, 64, 96, 128, 160, 256, 288, 544, 2048}) {
                    var random = new Random(rows * 1000L + cols);
                    Matrix w = Samples.matrix(TensorType.Q4_0, rows, cols, random);
                    float[] x = Samples.floats(cols, random);
                    float[] expected = multiply(w, x, 1, workers, false);
                    float[] actual = multiply(w, x, 1, workers, true);
                    assertThat(Samples.distance(actual, expected)).as("%d x %d", rows, cols).isLessThan(2e-6);
                }
            }
        }
    }

    @Test
    void wholeNumbersAreExact() {
        try (var workers = new Workers(2)) {
            var random = new Random(7);
            for (int quants : new int[]{0x00, 0x88, 0xff, 0x0f, 0xf0, 0x7f, 0x35}) {
                // Scales of a power of two and activations that are whole: no sum is rounded.
                Matrix w = Samples.filled(TensorType.Q4_0, 133, 352, (byte) quants, 0.5f);
                float[] x = new float[352];
                for (int i = 0; i < x.length; i++) {
                    x[i] = i % 32 == 5 ? -127 : random.nextInt(255) - 127;
                }
                float[] expected = new float[133];
                dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
                assertThat(multiply(w, x, 1, workers, true)).isEqualTo(expected);
            }
        }
    }

    @Test
    void activationsOfAllMagnitudesAreRoundedAsForTheJavaKernel() {
        try (var workers = new Workers(2)) {
            Matrix w = Samples.matrix(TensorType.Q4_0, 40, 160, new Random(8));
            for (float magnitude : new float[]{1e-42f, 1e-30f, 1, 1e30f, 0}) {
                float[] x = Samples.floats(160, new Random(9));
                for (int i = 0; i < x.length; i++) {
                    x[i] *= magnitude;
                }
                float[] expected = multiply(w, x, 1, workers, false);
                float[] actual = multiply(w, x, 1, workers, true);
                for (int row = 0; row < 40; row++) {
                    assertThat(actual[row]).isCloseTo(expected[row], within(magnitude * 1e-4f));
                }
            }
        }
    }

    @Test
    void scalesOfAllMagnitudesSurviveInOneGroup() {
        float[] scales = {65504f, -65504f, 1f, 0.03f, 0x1p-14f, -0x1p-15f, 0x1.8p-23f, 0x1p-24f, -0x1p-24f, 0f};
        Matrix w = Samples.filled(TensorType.Q4_0, scales.length, 96, 0x35, 1f);
        for (int row = 0; row < scales.length; row++) {
            for (int block = 0; block < 3; block++) {
                w.data()
                        .set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                row * w.rowBytes() + (long) block * w.type().blockBytes(),
                                Float.floatToFloat16(scales[row]));
            }
        }
        float[] x = Samples.floats(96, new Random(9));
        try (var workers = new Workers(1)) {
            float[] expected = multiply(w, x, 1, workers, false);
            float[] actual = multiply(w, x, 1, workers, true);
            for (int row = 0; row < scales.length; row++) {
                assertThat(actual[row]).isCloseTo(expected[row], within(1e-5f * Math.abs(expected[row])));
            }
        }
    }

    @Test
    void infiniteActivationsAreNotHiddenByRounding() {
        Matrix w = Samples.matrix(TensorType.Q4_0, 32, 96, new Random(3));
        try (var workers = new Workers(1)) {
            for (float bad : new float[]{Float.POSITIVE_INFINITY, Float.NaN}) {
                float[] x = Samples.floats(96, new Random(4));
                x[5] = bad;
                for (float y : multiply(w, x, 1, workers, true)) {
                    assertThat(Float.isFinite(y)).isFalse();
                }
            }
        }
    }

    @Test
    void aTokensResultIsTheSameWhoeverSharesThePass() {
        try (var workers = new Workers(2)) {
            var random = new Random(3);
            Matrix w = Samples.matrix(TensorType.Q4_0, 165, 512, random);
            float[] x = Samples.floats(3 * 512, random);
            float[] together = multiply(w, x, 3, workers, true);
            for (int t = 0; t < 3; t++) {
                float[] alone = multiply(w, Arrays.copyOfRange(x, t * 512, (t + 1) * 512), 1, workers, true);
                assertThat(Arrays.copyOfRange(together, t * 165, (t + 1) * 165)).isEqualTo(alone);
            }
        }
    }

    @Test
    void matricesOfOtherTypesAndSizesShareTheHandOff() {
        try (var workers = new Workers(2)) {
            var random = new Random(5);
            Matrix[] ws = {Samples.matrix(TensorType.Q4_0, 65, 256, random), Samples.matrix(TensorType.Q4_K, 33, 256,
                    random),
                Samples.matrix(TensorType.Q4_0, 400, 256, random), Samples.matrix(TensorType.Q8_0, 1, 256, random),
                Samples.matrix(TensorType.Q4_0, 32, 256, random)};
            float[] x = Samples.floats(256, random);
            var packed = new PackedMatrix[ws.length];
            var ys = new float[ws.length][];
            for (int i = 0; i < ws.length; i++) {
                packed[i] = PackedMatrix.pack(ws[i], workers);
                ys[i] = new float[ws[i].rows()];
            }
            var activation = new Activation(1, 256, ActivationType.INT8);
            activation.set(x, 0, 256);
            new MatVec(workers, 1).multiply(activation, packed, ys);
            for (int i = 0; i < ws.length; i++) {
                assertThat(ys[i]).isEqualTo(multiply(ws[i], x, 1, workers, true));
                packed[i].close();
            }
        }
    }

    private static float[] multiply(Matrix w, float[] x, int tokens, Workers workers, boolean machineCode) {
        try (var packed = PackedMatrix.pack(w, workers)) {
            var activation = new Activation(tokens, w.cols(), ActivationType.INT8);
            activation.set(x, 0, w.cols(), tokens, w.cols());
            float[] y = new float[tokens * w.rows() + 1];
            y[tokens * w.rows()] = 5;
            new MatVec(workers, tokens, machineCode).multiply(activation, packed, y);
            assertThat(y[tokens * w.rows()]).isEqualTo(5);
            return Arrays.copyOf(y, tokens * w.rows());
        }
    }
}
