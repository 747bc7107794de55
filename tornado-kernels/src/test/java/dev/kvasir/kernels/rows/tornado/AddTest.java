package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class AddTest {
    @Test
    void sumsOfActiveTokensOnly() {
        var random = new Random(5);
        float[] x = Samples.floats(3 * 131, random);
        float[] y = Samples.floats(3 * 131, random);
        float[] expected = x.clone();
        dev.kvasir.kernels.rows.reference.Add.apply(expected, 0, y, 0, 2 * 131);
        IntArray active = IntArray.fromElements(2);
        FloatArray to = FloatArray.fromArray(x);
        FloatArray from = FloatArray.fromArray(y);
        TornadoRun.run(tasks -> Add.addTo(tasks, "x", active, to, from, 131, 3), active, to, from);
        assertThat(to.toHeapArray()).isEqualTo(expected);
    }
}
