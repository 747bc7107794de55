package dev.kvasir.kernels.tornado;

import dev.kvasir.kernels.reference.MatMul;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class MatVecTest {
    private static final int[] ROWS = {1, 7, 31};
    private static final int[] QUANT_COLS = {32, 96, 544};
    private static final int[] LOOSE_COLS = {1, 31, 257};

    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"F32", "F16", "Q8_0", "Q4_0"})
    void equalsTheReference(TensorType type) {
        for (int rows : ROWS) {
            for (int cols : type.isQuantized() ? QUANT_COLS : LOOSE_COLS) {
                for (int tokens : new int[]{1, 3}) {
                    var random = new Random(rows * 1000L + cols);
                    Matrix w = Samples.matrix(type, rows, cols, random);
                    float[] x = Samples.floats(tokens * cols, random);
                    float[] expected = new float[tokens * rows];
                    MatMul.multiply(w, x, tokens, expected);
                    for (boolean nativeHalf : TornadoRun.halves()) {
                        assertThat(Samples.distance(multiply(nativeHalf, w, x, tokens), expected)).as(
                                "%d x %d, %d tokens", rows, cols, tokens).isLessThan(1e-5);
                    }
                }
            }
        }
    }

    private static float[] multiply(boolean nativeHalf, Matrix w, float[] x, int tokens) {
        DeviceMatrix weights = DeviceMatrix.of(nativeHalf, w);
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray y = new FloatArray(tokens * w.rows());
        TornadoRun.run(tasks -> MatVec.addTo(tasks, "y", active, weights, in, y, tokens), active, weights.floats(),
                weights.words(), weights.halves(), weights.bits(), in, y);
        return y.toHeapArray();
    }
}
