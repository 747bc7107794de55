package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class RopeTest {
    @ParameterizedTest
    @CsvSource({"8, 8, 1", "6, 4, 2", "64, 20, 1"})
    void equalsTheReference(int headDim, int rotated, int kvHeads) {
        int heads = 3;
        int tokens = 3;
        int used = 2;
        int positions = 11;
        int pairs = rotated / 2;
        var random = new Random(headDim);
        float[] q = Samples.floats(tokens * heads * headDim, random);
        float[] k = Samples.floats(tokens * kvHeads * headDim, random);
        float[] cos = Samples.floats(positions * pairs, random);
        float[] sin = Samples.floats(positions * pairs, random);
        int[] position = {10, 4, 0};
        for (boolean neighbours : new boolean[]{true, false}) {
            float[] expectedQ = q.clone();
            float[] expectedK = k.clone();
            for (int t = 0; t < used; t++) {
                rotate(neighbours, expectedQ, t, heads, headDim, rotated, cos, sin, position[t] * pairs);
                rotate(neighbours, expectedK, t, kvHeads, headDim, rotated, cos, sin, position[t] * pairs);
            }
            IntArray active = IntArray.fromElements(used);
            IntArray at = IntArray.fromArray(position);
            FloatArray cosines = FloatArray.fromArray(cos);
            FloatArray sines = FloatArray.fromArray(sin);
            FloatArray toQ = FloatArray.fromArray(q);
            FloatArray toK = FloatArray.fromArray(k);
            TornadoRun.run(tasks -> {
                if (neighbours) {
                    Rope.addInterleavedTo(tasks, "turn", active, at, cosines, sines, toQ, toK, heads, kvHeads, headDim,
                            rotated, tokens);
                } else {
                    Rope.addHalvesTo(tasks, "turn", active, at, cosines, sines, toQ, toK, heads, kvHeads, headDim,
                            rotated, tokens);
                }
            }, active, at, cosines, sines, toQ, toK);
            assertThat(Samples.distance(toQ.toHeapArray(), expectedQ)).isLessThan(1e-6);
            assertThat(Samples.distance(toK.toHeapArray(), expectedK)).isLessThan(1e-6);
        }
    }

    private static void rotate(boolean neighbours, float[] x, int token, int heads, int headDim, int rotated,
            float[] cos, float[] sin, int at) {
        if (neighbours) {
            dev.kvasir.kernels.rows.reference.Rope.interleaved(x, token * heads * headDim, heads, headDim, rotated, cos,
                    sin,
                    at);
        } else {
            dev.kvasir.kernels.rows.reference.Rope.halves(x, token * heads * headDim, heads, headDim, rotated, cos, sin,
                    at);
        }
    }
}
