package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.matrix.reference.MatMul;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

class MatMulUnitsTest {

    @BeforeEach
    void onTheSimulator() {
        assumeFalse(KernelContext.class.getModule().isNamed(), "not every real device has matrix units");
    }

    @Test
    void equalsTheReferenceOnRoundedActivations() {
        int tokens = 32;
        int used = 21;
        int rows = 96;
        int cols = 48;
        var random = new Random(1);
        Matrix w = Samples.matrix(TensorType.F16, rows, cols, random);
        float[] x = Samples.floats(tokens * cols, random);
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.float16ToFloat(Float.floatToFloat16(x[i]));
        }
        float[] expected = new float[used * rows];
        MatMul.multiply(w, x, 0, used, expected, 0);

        DeviceMatrix weights = DeviceMatrix.of(true, w);
        IntArray active = IntArray.fromElements(used);
        FloatArray in = FloatArray.fromArray(x);
        HalfFloatArray rounded = new HalfFloatArray(tokens * cols);
        FloatArray y = new FloatArray(tokens * rows);
        TornadoRun.run(tasks -> MatMulUnits.addTo(tasks, "y", active, weights, in, rounded, y, tokens), active, weights,
                in, rounded, y);
        assertThat(Samples.distance(Arrays.copyOf(y.toHeapArray(), used * rows), expected)).isLessThan(1e-6);
    }

    @Test
    void sizesThatAreNoWholeTilesAreRefused() {
        DeviceMatrix weights = DeviceMatrix.of(true, Samples.matrix(TensorType.F16, 33, 16, new Random(1)));
        FloatArray x = new FloatArray(1);
        HalfFloatArray rounded = new HalfFloatArray(1);
        assertThatThrownBy(() -> TornadoRun.run(tasks -> MatMulUnits.addTo(tasks, "y", new IntArray(1), weights, x,
                rounded, x, 16), x)).hasMessageContaining("not F16 33 x 16 and 16");
    }
}
