package dev.kvasir.kernels.matrix.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.matrix.reference.MatMul;
import dev.kvasir.kernels.matrix.reference.MatVec;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec1Naive;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec2Group;
import dev.kvasir.kernels.rows.reference.Add;
import dev.kvasir.kernels.rows.reference.SwiGlu;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.Samples;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class LinearTest {
    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"F32", "F16", "Q8_0", "Q4_0"})
    void equalsTheReference(TensorType type) {
        int[][] loose = {{1, 1, 1}, {7, 31, 1}, {31, 257, 3}, {13, 65, 8}, {13, 65, 9}, {1, 1, 33}, {131, 61, 37}};
        int[][] blocks = {{1, 32, 1}, {7, 96, 1}, {31, 544, 3}, {13, 64, 8}, {13, 64, 9}, {1, 32, 33}, {131, 96, 37}};
        for (int[] shape : type.isQuantized() ? blocks : loose) {
            int rows = shape[0];
            int cols = shape[1];
            int tokens = shape[2];
            var random = new Random(rows * 1000L + cols);
            Matrix w = Samples.matrix(type, rows, cols, random);
            float[] x = Samples.floats(tokens * cols, random);
            float[] expected = new float[tokens * rows];
            MatMul.multiply(w, x, 0, tokens, expected, 0);
            for (boolean nativeHalf : TornadoRun.halves()) {
                DeviceMatrix weights = DeviceMatrix.of(nativeHalf, w);
                FloatArray y = new FloatArray(tokens * rows);
                IntArray active = IntArray.fromElements(tokens);
                FloatArray in = FloatArray.fromArray(x);
                TornadoRun.run(tasks -> Linear.store(tasks, "y", active, weights, in, y, tokens), active, weights, in,
                        y);
                assertThat(Samples.distance(y.toHeapArray(), expected)).as("%d x %d, %d tokens", rows, cols,
                        tokens).isLessThan(1e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = TensorType.class, names = {"F32", "F16", "Q8_0", "Q4_0"})
    void theLadderComputesTheSame(TensorType type) {
        var random = new Random(type.id());
        Matrix w = Samples.matrix(type, 131, 544, random);
        float[] x = Samples.floats(544, random);
        float[] expected = new float[131];
        MatVec.multiply(w, x, 0, expected, 0);
        DeviceMatrix weights = DeviceMatrix.of(false, w);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray first = new FloatArray(131);
        FloatArray second = new FloatArray(131);
        TornadoRun.run(tasks -> {
            MatVec1Naive.addTo(tasks, "first", weights, in, first);
            MatVec2Group.addTo(tasks, "second", weights, in, second);
        }, weights, in, first, second);
        assertThat(Samples.distance(first.toHeapArray(), expected)).isLessThan(1e-6);
        assertThat(Samples.distance(second.toHeapArray(), expected)).isLessThan(1e-6);
    }

    @ParameterizedTest
    @CsvSource({"F32, 3", "Q8_0, 3", "F16, 11"})
    void addsToTheResidualStreamOfActiveTokensOnly(TensorType type, int tokens) {
        int rows = 67;
        int used = tokens - 1;
        var random = new Random(1);
        Matrix w = Samples.matrix(type, rows, 64, random);
        float[] x = Samples.floats(tokens * 64, random);
        float[] before = Samples.floats(tokens * rows, random);
        float[] expected = new float[used * rows];
        MatMul.multiply(w, x, 0, used, expected, 0);
        Add.apply(expected, 0, before, 0, expected.length);

        DeviceMatrix weights = DeviceMatrix.of(false, w);
        FloatArray y = FloatArray.fromArray(before);
        IntArray active = IntArray.fromElements(used);
        FloatArray in = FloatArray.fromArray(x);
        TornadoRun.run(tasks -> Linear.addResidual(tasks, "y", active, weights, in, y, tokens), active, weights, in,
                y);
        float[] result = y.toHeapArray();
        assertThat(Samples.distance(Arrays.copyOf(result, used * rows), expected)).isLessThan(1e-6);
        assertThat(Arrays.copyOfRange(result, used * rows, result.length)).isEqualTo(
                Arrays.copyOfRange(before, used * rows, before.length));
    }

    @ParameterizedTest
    @CsvSource({"F16, 2", "Q4_0, 2", "Q8_0, 11"})
    void queryKeyAndValueGoWhereTheyBelongWithTheirBiases(TensorType type, int tokens) {
        int qRows = 70;
        int kvRows = 35;
        int cols = 64;
        var random = new Random(2);
        Matrix q = Samples.matrix(type, qRows, cols, random);
        Matrix k = Samples.matrix(type, kvRows, cols, random);
        Matrix v = Samples.matrix(type, kvRows, cols, random);
        float[] x = Samples.floats(tokens * cols, random);
        float[] bias = Samples.floats(qRows + 2 * kvRows, random);

        DeviceMatrix weights = DeviceMatrix.of(false, q, k, v);
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray biases = FloatArray.fromArray(bias);
        FloatArray toQ = new FloatArray(tokens * qRows);
        FloatArray toK = new FloatArray(tokens * kvRows);
        FloatArray toV = new FloatArray(tokens * kvRows);
        TornadoRun.run(tasks -> Linear.queryKeyValue(tasks, "qkv", active, weights, biases, in, toQ, toK, toV, qRows,
                tokens), active, weights, biases, in, toQ, toK, toV);
        assertThat(Samples.distance(toQ.toHeapArray(), withBias(q, x, tokens, bias, 0))).isLessThan(1e-6);
        assertThat(Samples.distance(toK.toHeapArray(), withBias(k, x, tokens, bias, qRows))).isLessThan(1e-6);
        assertThat(Samples.distance(toV.toHeapArray(), withBias(v, x, tokens, bias, qRows + kvRows))).isLessThan(1e-6);
    }

    @ParameterizedTest
    @CsvSource({"F32, 2", "Q8_0, 2", "Q4_0, 11"})
    void gateAndUpMeetBeforeTheyLeaveTheGroup(TensorType type, int tokens) {
        int width = 67;
        var random = new Random(3);
        Matrix gate = Samples.matrix(type, width, 96, random);
        Matrix up = Samples.matrix(type, width, 96, random);
        float[] x = Samples.floats(tokens * 96, random);
        float[] expected = new float[tokens * width];
        float[] ups = new float[tokens * width];
        MatMul.multiply(gate, x, 0, tokens, expected, 0);
        MatMul.multiply(up, x, 0, tokens, ups, 0);
        SwiGlu.apply(expected, 0, ups, 0, tokens * width);

        DeviceMatrix weights = DeviceMatrix.of(false, gate, up);
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(x);
        FloatArray y = new FloatArray(tokens * width);
        TornadoRun.run(tasks -> Linear.swiGlu(tasks, "y", active, weights, in, y, tokens), active, weights, in, y);
        assertThat(Samples.distance(y.toHeapArray(), expected)).isLessThan(1e-6);
    }

    private static float[] withBias(Matrix w, float[] x, int tokens, float[] bias, int biasAt) {
        float[] y = new float[tokens * w.rows()];
        MatMul.multiply(w, x, 0, tokens, y, 0);
        for (int t = 0; t < tokens; t++) {
            Add.apply(y, t * w.rows(), bias, biasAt, w.rows());
        }
        return y;
    }
}
