package dev.kvasir.kernels.matrix.vector;

import dev.kvasir.kernels.matrix.vector.pack.Activation;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class MatVecTest {

    private static final int[] ROWS = {1, 7, 31, 32, 33, 63, 100};
    private static final int[] COLS = {32, 64, 96, 256, 288, 544};
    private static final int[] SUPER_COLS = {256, 512, 768};
    private static final int[] LOOSE_COLS = {1, 31, 32, 33, 96, 257, 300};

    private static Workers workers;

    @BeforeAll
    static void start() {
        workers = new Workers(2);
    }

    @AfterAll
    static void stop() {
        workers.close();
    }

    private static int[] cols(TensorType type) {
        return type.blockElements() == 256 ? SUPER_COLS : type.isQuantized() ? COLS : LOOSE_COLS;
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void equalsTheReference(TensorType type) {
        for (int rows : ROWS) {
            for (int cols : cols(type)) {
                var random = new Random(rows * 1000L + cols);
                Matrix w = Samples.matrix(type, rows, cols, random);
                float[] x = Samples.floats(cols, random);
                float[] expected = new float[rows];
                dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
                assertThat(Samples.distance(multiply(w, x, 1), expected)).as("%d x %d", rows,
                        cols).isLessThan(rows < 31 ? 5e-5 : 2e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K", "Q8_0"})
    void aTokensRoundedResultIsTheSameWhoeverSharesThePass(TensorType type) {
        var random = new Random(3);
        Matrix w = Samples.matrix(type, 70, 512, random);
        float[] x = Samples.floats(3 * 512, random);
        float[] together = multiply(w, x, 3, ActivationType.INT8);
        for (int t = 0; t < 3; t++) {
            float[] alone = multiply(w, Arrays.copyOfRange(x, t * 512, (t + 1) * 512), 1, ActivationType.INT8);
            assertThat(Arrays.copyOfRange(together, t * 70, (t + 1) * 70)).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void aTokensResultIsTheSameWhoeverSharesThePass(TensorType type) {
        for (int tokens : new int[]{2, 3, 8, 17}) {
            var random = new Random(tokens);
            Matrix w = Samples.matrix(type, 70, 512, random);
            float[] x = Samples.floats(tokens * 512, random);
            float[] together = multiply(w, x, tokens);
            for (int t = 0; t < tokens; t++) {
                float[] alone = multiply(w, Arrays.copyOfRange(x, t * 512, (t + 1) * 512), 1);
                assertThat(Arrays.copyOfRange(together, t * 70, (t + 1) * 70)).isEqualTo(alone);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-128, -127, -1, 0, 127})
    void extremeQuantsDoNotOverflow(int quant) {
        for (TensorType type : new TensorType[]{TensorType.Q8_0, TensorType.Q4_0}) {
            // Where all activations are equal the rounding of 4-bit products, as parts of 1 + q / 256, goes one way.
            // For 4 bits 0x80 and 0x7f are a mix of nibbles; 0 is the lowest and -1 the highest of them.
            Matrix w = Samples.filled(type, 33, 320, quant, 0.5f);
            for (float value : new float[]{1, -1, 1e30f, -1e-20f, 0}) {
                float[] x = new float[320];
                Arrays.fill(x, value);
                float[] expected = new float[33];
                dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
                assertThat(Samples.distance(multiply(w, x, 1), expected)).as("%s %f", type,
                        value).isLessThan(type == TensorType.Q4_0 ? 4e-5 : 1e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q5_0"})
    void scalesOfAllMagnitudesSurviveInOneGroup(TensorType type) {
        float[] scales = {65504f, -65504f, 1f, 0.03f, 0x1p-14f, -0x1p-15f, 0x1.8p-23f, 0x1p-24f, -0x1p-24f, 0f};
        Matrix w = Samples.filled(type, scales.length, 64, 0x35, 1f);
        for (int row = 0; row < scales.length; row++) {
            for (int block = 0; block < 2; block++) {
                w.data()
                        .set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                row * w.rowBytes() + (long) block * type.blockBytes(),
                                Float.floatToFloat16(scales[row]));
            }
        }
        float[] x = Samples.floats(64, new Random(9));
        float[] expected = new float[scales.length];
        dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
        float[] actual = multiply(w, x, 1);
        for (int row = 0; row < scales.length; row++) {
            assertThat(actual[row]).as("scale %s", scales[row])
                    .isCloseTo(expected[row],
                            within(1e-5f * Math.abs(expected[row])));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K"})
    void wholeActivationsComeWithinAPercent(TensorType type) {
        for (int rows : ROWS) {
            for (int cols : cols(type)) {
                var random = new Random(rows * 1000L + cols);
                Matrix w = Samples.matrix(type, rows, cols, random);
                float[] x = Samples.floats(cols, random);
                float[] expected = new float[rows];
                dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
                assertThat(Samples.distance(multiply(w, x, 1, ActivationType.INT8), expected)).as("%d x %d", rows,
                        cols).isBetween(1e-5, rows < 31 ? 5e-2 : 1.5e-2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K"})
    void activationsThatAreWholeAlreadyLoseNothing(TensorType type) {
        var random = new Random(6);
        for (int cols : cols(type)) {
            Matrix w = Samples.matrix(type, 45, cols, random);
            float[] x = new float[cols];
            for (int i = 0; i < cols; i++) {
                x[i] = i % 32 == 7 ? 127 : random.nextInt(255) - 127;
            }
            float[] expected = new float[45];
            dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
            assertThat(Samples.distance(multiply(w, x, 1, ActivationType.INT8), expected)).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x88, 0xff, 0x0f, 0xf0, 0x7f})
    void extremeWholeSumsDoNotOverflow(int nibbles) {
        Matrix w = Samples.filled(TensorType.Q4_0, 33, 320, (byte) nibbles, 0.5f);
        for (float value : new float[]{1, -1, 1e30f, -1e-20f, 0, -Float.MIN_VALUE}) {
            float[] x = new float[320];
            Arrays.fill(x, value);
            float[] expected = new float[33];
            dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
            float[] actual = multiply(w, x, 1, ActivationType.INT8);
            for (int row = 0; row < 33; row++) {
                assertThat(actual[row]).isCloseTo(expected[row], within(Math.max(1e-36f,
                        1e-5f * Math.abs(expected[row]))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0"})
    void infiniteActivationsAreNotHiddenByRounding(TensorType type) {
        Matrix w = Samples.matrix(type, 32, 64, new Random(3));
        for (float bad : new float[]{Float.POSITIVE_INFINITY, Float.NaN}) {
            float[] x = Samples.floats(64, new Random(4));
            x[5] = bad;
            for (float y : multiply(w, x, 1, ActivationType.INT8)) {
                assertThat(Float.isFinite(y)).isFalse();
            }
        }
    }

    @Test
    void halvesOfAllMagnitudesSurviveInOneGroup() {
        float[] weights = {65504f, -65504f, 1f, 0.03f, 0x1p-14f, -0x1p-15f, 0x1.8p-23f, 0x1p-24f, -0x1p-24f, 0f};
        for (float largest : new float[]{65504f, 2f, 0x1p-20f}) {
            Matrix w = Samples.matrix(TensorType.F16, weights.length, 33, new Random(1));
            w.data().fill((byte) 0);
            for (int row = 0; row < weights.length; row++) {
                w.data()
                        .set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                row * w.rowBytes() + 2L * row,
                                Float.floatToFloat16(Math.clamp(weights[row], -largest, largest)));
            }
            for (float value : new float[]{1, -3e30f, 1e-20f}) {
                float[] x = new float[33];
                Arrays.fill(x, value);
                float[] expected = new float[weights.length];
                dev.kvasir.kernels.matrix.reference.MatVec.multiply(w, x, 0, expected, 0);
                assertThat(multiply(w, x, 1)).containsExactly(expected);
            }
        }
    }

    @Test
    void infiniteActivationsAreNotHidden() {
        Matrix w = Samples.matrix(TensorType.Q8_0, 32, 64, new Random(3));
        float[] x = Samples.floats(64, new Random(4));
        x[5] = Float.POSITIVE_INFINITY;
        for (float y : multiply(w, x, 1)) {
            assertThat(Float.isFinite(y)).isFalse();
        }
    }

    @Test
    void severalMatricesShareOneHandOff() {
        var random = new Random(5);
        Matrix[] ws = {Samples.matrix(TensorType.Q8_0, 65, 256, random), Samples.matrix(TensorType.Q4_K, 1, 256,
                random),
            Samples.matrix(TensorType.F16, 40, 256, random)};
        float[] x = Samples.floats(256, random);
        var packed = new PackedMatrix[3];
        var ys = new float[3][];
        for (int i = 0; i < 3; i++) {
            packed[i] = PackedMatrix.pack(ws[i], workers);
            ys[i] = new float[ws[i].rows()];
        }
        var activation = new Activation(1, 256);
        activation.set(x, 0, 256);
        new MatVec(workers, 1).multiply(activation, packed, ys);
        for (int i = 0; i < 3; i++) {
            assertThat(ys[i]).isEqualTo(multiply(ws[i], x, 1));
            packed[i].close();
        }
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        try (var packed = PackedMatrix.pack(Samples.matrix(TensorType.F32, 4, 8, new Random(1)), workers)) {
            var activation = new Activation(2, 64);
            var product = new MatVec(workers, 1);
            activation.set(new float[64], 0, 7);
            assertThatThrownBy(() -> product.multiply(activation, packed, new float[4])).hasMessageContaining("4 x 8");
            activation.set(new float[64], 0, 8);
            assertThatThrownBy(() -> product.multiply(activation, packed, new float[3])).hasMessageContaining("4 x 8");
            assertThatThrownBy(() -> activation.set(new float[300], 0, 65)).hasMessageContaining("65");
        }
    }

    private static float[] multiply(Matrix w, float[] x, int tokens) {
        return multiply(w, x, tokens, ActivationType.F32);
    }

    private static float[] multiply(Matrix w, float[] x, int tokens, ActivationType type) {
        try (var packed = PackedMatrix.pack(w, workers)) {
            assertThat(packed.bytesRead()).isEqualTo(
                    w.type() == TensorType.F32 ? w.data().byteSize() : PackedMatrix.packedBytes(w));
            var activation = new Activation(tokens, w.cols(), type);
            activation.set(x, 0, w.cols(), tokens, w.cols());
            float[] y = new float[tokens * w.rows()];
            new MatVec(workers, tokens).multiply(activation, packed, y);
            return y;
        }
    }
}
