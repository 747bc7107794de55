package dev.kvasir.kernels.tensor.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.rows.tornado.Embedding;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class DeviceMatrixTest {

    /** Through the embedding kernel, which decodes each element alone. */
    @ParameterizedTest
    @EnumSource(TensorType.class)
    void everyTypeOfFileComesBackFromTheDevice(TensorType type) {
        int rows = 5;
        int cols = type.isQuantized() ? type.blockElements() * 3 : 37;
        Matrix w = Samples.matrix(type, rows, cols, new Random(type.id()));
        int[] ids = {4, 0, 3};
        boolean exact = switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0, Q5_0 -> true;
            case Q4_1, Q5_1, Q4_K, Q5_K, Q6_K -> false;
        };
        for (boolean nativeHalf : TornadoRun.halves()) {
            float[] x = rows(DeviceMatrix.of(nativeHalf, w), ids);
            for (int t = 0; t < ids.length; t++) {
                float[] expected = new float[cols];
                dev.kvasir.kernels.rows.reference.Embedding.row(w, ids[t], expected, 0);
                for (int c = 0; c < cols; c++) {
                    float error = exact ? 0 : Math.abs(expected[c]) / 2048 + 0x1p-25f;
                    assertThat(x[t * cols + c]).as("row %d, element %d", ids[t], c)
                            .isCloseTo(expected[c],
                                    within(error));
                }
            }
        }
    }

    @Test
    void matricesBelowEachOtherTakeTheWidestType() {
        var random = new Random(1);
        Matrix first = Samples.matrix(TensorType.Q4_0, 3, 64, random);
        Matrix second = Samples.matrix(TensorType.Q5_0, 2, 64, random);
        DeviceMatrix stacked = DeviceMatrix.of(false, first, second);
        assertThat(stacked.type()).isEqualTo(TensorType.Q8_0);
        assertThat(stacked.rows()).isEqualTo(5);
        assertThat(stacked.bytes()).isEqualTo(DeviceMatrix.deviceBytes(first, second)).isEqualTo(5 * 2 * 34);
        float[] x = rows(stacked, 2, 3);
        float[] expected = new float[128];
        dev.kvasir.kernels.rows.reference.Embedding.row(first, 2, expected, 0);
        dev.kvasir.kernels.rows.reference.Embedding.row(second, 0, expected, 64);
        assertThat(Samples.distance(x, expected)).isZero();
    }

    @Test
    void matricesOfDifferentWidthsAreRefused() {
        var random = new Random(1);
        Matrix first = Samples.matrix(TensorType.F32, 3, 64, random);
        Matrix second = Samples.matrix(TensorType.F32, 3, 65, random);
        assertThatThrownBy(() -> DeviceMatrix.of(true, first, second)).hasMessageContaining("64 and 65 columns");
    }

    @Test
    void everyFiniteHalfIsDecoded() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            if ((bits & 0x7c00) != 0x7c00) {
                assertThat(Half.decode((short) bits)).isEqualTo(Float.float16ToFloat((short) bits));
            }
        }
    }

    @Test
    void tokensBeyondTheActiveOnesAreNotLookedUp() {
        Matrix w = new Matrix(TensorType.F32, MemorySegment.ofArray(new byte[8]), 1, 2);
        DeviceMatrix table = DeviceMatrix.of(false, w);
        IntArray active = IntArray.fromElements(1);
        IntArray ids = IntArray.fromElements(0, 999);
        FloatArray x = FloatArray.fromElements(5, 6, 7, 8);
        TornadoRun.run(tasks -> Embedding.addTo(tasks, "x", active, ids, table, x, 2), active, ids, table, x);
        assertThat(x.toHeapArray()).startsWith(0, 0);
    }

    private static float[] rows(DeviceMatrix table, int... ids) {
        IntArray active = IntArray.fromElements(ids.length);
        IntArray tokens = IntArray.fromArray(ids);
        FloatArray x = new FloatArray(ids.length * table.cols());
        TornadoRun.run(tasks -> Embedding.addTo(tasks, "x", active, tokens, table, x, ids.length), active, tokens,
                table, x);
        return x.toHeapArray();
    }
}
