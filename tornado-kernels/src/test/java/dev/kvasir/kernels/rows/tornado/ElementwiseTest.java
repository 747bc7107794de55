package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.choice.tornado.Argmax;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

/** The kernels between the matrix products: norm, rotation, gate, sum. */
class ElementwiseTest {
    private static final float EPS = 1e-5f;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 31", "2, 128", "2, 1031"})
    void normEqualsTheReference(int tokens, int n) {
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

    @ParameterizedTest
    @CsvSource({"8, 8, 1", "6, 4, 2", "64, 20, 1"})
    void rotationEqualsTheReference(int headDim, int rotated, int kvHeads) {
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

    @ParameterizedTest
    @ValueSource(ints = {1, 131})
    void gateEqualsTheReferenceAlsoFarOut(int width) {
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

    @ParameterizedTest
    @ValueSource(ints = {1, 127, 16385, 40009})
    void mostLikelyTokenIsTheFirstOfEquals(int vocabulary) {
        int tokens = 3;
        var random = new Random(vocabulary);
        float[] logits = Samples.floats(tokens * vocabulary, random);
        int[] expected = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            // three equal maxima: the first must win
            for (int i = 0; i < 3; i++) {
                logits[t * vocabulary + random.nextInt(vocabulary)] = 100 - 200 * (t % 2);
            }
            if (t % 2 == 1) {
                Arrays.fill(logits, t * vocabulary, (t + 1) * vocabulary, -100);
            }
            expected[t] = dev.kvasir.kernels.choice.reference.Argmax.of(logits, t * vocabulary, vocabulary);
        }
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(logits);
        FloatArray values = new FloatArray(tokens * Argmax.PARTS);
        IntArray indices = new IntArray(tokens * Argmax.PARTS);
        IntArray chosen = new IntArray(tokens);
        TornadoRun.run(tasks -> Argmax.addTo(tasks, "chosen", active, in, values, indices, chosen, vocabulary, tokens),
                active, in, values, indices, chosen);
        assertThat(chosen.toHeapArray()).isEqualTo(expected);
    }
}
