package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class SwiGluTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 131})
    void equalsTheReferenceAlsoFarOut(int width) {
        var random = new Random(width);
        float[] gate = Samples.floats(3 * width, random);
        float[] up = Samples.floats(3 * width, random);
        gate[0] = -200;
        gate[width] = 200;
        float[] expected = gate.clone();
        dev.kvasir.kernels.rows.reference.SwiGlu.apply(expected, 0, up, 0, 2 * width);
        IntArray active = IntArray.fromElements(2);
        FloatArray gates = FloatArray.fromArray(gate);
        FloatArray ups = FloatArray.fromArray(up);
        TornadoRun.run(tasks -> SwiGlu.addTo(tasks, "gate", active, gates, ups, width, 3), active, gates, ups);
        assertThat(Samples.distance(gates.toHeapArray(), expected)).isLessThan(1e-6);
    }
}
