package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddingTest {
    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"F32", "F16", "Q8_0", "Q4_0"})
    void equalsTheReferenceForActiveTokensOnly(TensorType type) {
        int cols = type.isQuantized() ? 160 : 131;
        Matrix table = Samples.matrix(type, 7, cols, new Random(1));
        int[] ids = {6, 0, 3};
        float[] expected = new float[3 * cols];
        Arrays.fill(expected, 9f);
        for (int t = 0; t < 2; t++) {
            dev.kvasir.kernels.rows.reference.Embedding.row(table, ids[t], expected, t * cols);
        }
        for (boolean nativeHalf : TornadoRun.halves()) {
            DeviceMatrix rows = DeviceMatrix.of(nativeHalf, table);
            IntArray active = IntArray.fromElements(2);
            IntArray tokens = IntArray.fromArray(ids);
            FloatArray x = new FloatArray(3 * cols);
            x.init(9f);
            FloatArray zeros = new FloatArray(3 * cols);
            TornadoRun.run(tasks -> {
                Add.addTo(tasks, "read", active, x, zeros, cols, 3); // an array that a graph only writes is not uploaded
                Embedding.addTo(tasks, "x", active, tokens, rows, x, 3);
            }, active, tokens, rows, x, zeros);
            assertThat(Samples.distance(x.toHeapArray(), expected)).isLessThan(1e-6);
        }
    }
}
