package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class RmsNormTest {
    private static final float EPS = 1e-5f;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 31", "2, 128", "2, 1031"})
    void equalsTheReference(int tokens, int n) {
        var random = new Random(n);
        float[] x = Samples.floats(tokens * n, random);
        float[] weight = Samples.floats(n, random);
        float[] expected = new float[tokens * n];
        for (int t = 0; t < tokens; t++) {
            dev.kvasir.kernels.rows.reference.RmsNorm.apply(x, t * n, weight, EPS, expected, t * n, n);
        }
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray weights = FloatArray.fromArray(weight);
        FloatArray y = new FloatArray(tokens * n);
        TornadoRun.run(tasks -> RmsNorm.addTo(tasks, "y", active, in, weights, y, n, EPS, tokens), active, in, weights,
                y);
        assertThat(Samples.distance(y.toHeapArray(), expected)).isLessThan(1e-6);
    }

    @Test
    void headsAreNormedInPlaceEachByItself() {
        int heads = 5;
        int headDim = 66;
        var random = new Random(3);
        float[] x = Samples.floats(3 * heads * headDim, random);
        float[] weight = Samples.floats(headDim, random);
        float[] expected = x.clone();
        for (int head = 0; head < 2 * heads; head++) { // two of the three tokens are active
            dev.kvasir.kernels.rows.reference.RmsNorm.apply(x, head * headDim, weight, EPS, expected, head * headDim,
                    headDim);
        }
        IntArray active = IntArray.fromElements(2);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray weights = FloatArray.fromArray(weight);
        TornadoRun.run(tasks -> RmsNorm.addHeadsTo(tasks, "x", active, in, weights, heads, headDim, EPS, 3), active,
                in, weights);
        assertThat(Samples.distance(in.toHeapArray(), expected)).isLessThan(1e-6);
    }
}
