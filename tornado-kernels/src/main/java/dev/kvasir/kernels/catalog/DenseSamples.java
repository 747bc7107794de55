package dev.kvasir.kernels.catalog;

import dev.kvasir.kernels.choice.tornado.Argmax;
import dev.kvasir.kernels.choice.tornado.Sampling;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.matrix.tornado.MatMul;
import dev.kvasir.kernels.matrix.tornado.MatMulUnits;
import dev.kvasir.kernels.matrix.tornado.MatVec;
import dev.kvasir.kernels.matrix.tornado.MatVecQkv;
import dev.kvasir.kernels.matrix.tornado.MatVecSwiGlu;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec1Naive;
import dev.kvasir.kernels.matrix.tornado.ladder.MatVec2Group;
import dev.kvasir.kernels.rows.tornado.Add;
import dev.kvasir.kernels.rows.tornado.Embedding;
import dev.kvasir.kernels.rows.tornado.RmsNorm;
import dev.kvasir.kernels.rows.tornado.Rope;
import dev.kvasir.kernels.rows.tornado.SwiGlu;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kernels.tensor.tornado.DeviceMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static dev.kvasir.kernels.catalog.KernelCatalog.FEED_FORWARD;
import static dev.kvasir.kernels.catalog.KernelCatalog.HEAD_DIM;
import static dev.kvasir.kernels.catalog.KernelCatalog.HIDDEN;
import static dev.kvasir.kernels.catalog.KernelCatalog.KV_HEADS;
import static dev.kvasir.kernels.catalog.KernelCatalog.QUERY_HEADS;
import static dev.kvasir.kernels.catalog.KernelCatalog.VOCABULARY;
import static dev.kvasir.kernels.launch.KernelSample.TASK;

/** Samples of the kernels that touch no pages. */
final class DenseSamples {
    private static final List<TensorType> TYPES = List.of(TensorType.F32, TensorType.F16, TensorType.Q8_0,
            TensorType.Q4_0);
    private static final int ROWS = 256; // of a sample's matrix: how many there are changes nothing in a kernel
    private static final int CHUNK = 64; // tokens of a prompt
    private static final int Q_ROWS = QUERY_HEADS * HEAD_DIM;
    private static final int KV_ROWS = KV_HEADS * HEAD_DIM;
    private static final float EPSILON = 1e-5f;

    private DenseSamples() {}

    static List<KernelSample> all() {
        List<KernelSample> samples = new ArrayList<>();
        for (TensorType type : TYPES) {
            String suffix = "." + type.name().toLowerCase(Locale.ROOT);
            samples.add(sample("Embedding" + suffix, (tasks, half) -> embedding(tasks, matrix(type, half, ROWS))));
            samples.add(sample("MatVec" + suffix, (tasks, half) -> matVec(tasks, matrix(type, half, ROWS))));
            samples.add(sample("MatVecQkv" + suffix, (tasks, half) -> queryKeyValue(tasks,
                    matrix(type, half, Q_ROWS + 2 * KV_ROWS))));
            samples.add(sample("MatVecSwiGlu" + suffix, (tasks, half) -> matVecSwiGlu(tasks,
                    matrix(type, half, 2 * ROWS))));
            samples.add(
                    sample("MatVec1Naive" + suffix, (tasks, half) -> ladder(tasks, matrix(type, half, ROWS), true)));
            samples.add(sample("MatVec2Group" + suffix, (tasks, half) -> ladder(tasks, matrix(type, half, ROWS),
                    false)));
            samples.add(sample("MatMul" + suffix, (tasks, half) -> matMul(tasks, matrix(type, half, ROWS))));
        }
        samples.add(new KernelSample("MatMulUnits.half", true, (tasks, half) -> toHalf(tasks)));
        samples.add(new KernelSample("MatMulUnits", true, (tasks, half) -> matMulUnits(tasks)));
        samples.add(sample("RmsNorm", (tasks, half) -> rmsNorm(tasks)));
        samples.add(sample("Rope.interleaved", (tasks, half) -> rope(tasks, true)));
        samples.add(sample("Rope.halves", (tasks, half) -> rope(tasks, false)));
        samples.add(sample("SwiGlu", (tasks, half) -> swiGlu(tasks)));
        samples.add(sample("Add", (tasks, half) -> residual(tasks)));
        samples.add(sample("Argmax.parts", (tasks, half) -> argmaxParts(tasks)));
        samples.add(sample("Argmax.whole", (tasks, half) -> argmaxWhole(tasks)));
        samples.add(sample("Sampling.cut", (tasks, half) -> samplingCut(tasks)));
        samples.add(sample("Sampling.draw", (tasks, half) -> samplingDraw(tasks)));
        return samples;
    }

    private static KernelSample sample(String name, KernelSample.Setup setup) {
        return new KernelSample(name, false, setup);
    }

    private static DeviceMatrix matrix(TensorType type, boolean half, int rows) {
        var data = Arena.ofAuto().allocate(type.bytes((long) rows * HIDDEN));
        return DeviceMatrix.of(half, new Matrix(type, data, rows, HIDDEN));
    }

    private static void in(TaskList tasks, Object... arrays) {
        tasks.graph().transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
    }

    private static void in(TaskList tasks, DeviceMatrix matrix) {
        in(tasks, matrix.arrays().toArray());
    }

    private static IntArray one() {
        return IntArray.fromElements(1);
    }

    private static void embedding(TaskList tasks, DeviceMatrix table) {
        IntArray active = one();
        IntArray ids = new IntArray(1);
        FloatArray x = new FloatArray(HIDDEN);
        in(tasks, table);
        in(tasks, active, ids, x);
        Embedding.addTo(tasks, TASK, active, ids, table, x, 1);
    }

    private static void matVec(TaskList tasks, DeviceMatrix weights) {
        IntArray active = one();
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray y = new FloatArray(weights.rows());
        in(tasks, weights);
        in(tasks, active, x, y);
        MatVec.addResidualTo(tasks, TASK, active, weights, x, y, 1);
    }

    private static void ladder(TaskList tasks, DeviceMatrix weights, boolean naive) {
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray y = new FloatArray(weights.rows());
        in(tasks, weights);
        in(tasks, x, y);
        if (naive) {
            MatVec1Naive.addTo(tasks, TASK, weights, x, y);
        } else {
            MatVec2Group.addTo(tasks, TASK, weights, x, y);
        }
    }

    private static void matMul(TaskList tasks, DeviceMatrix weights) {
        IntArray active = one();
        FloatArray x = new FloatArray(CHUNK * HIDDEN);
        FloatArray y = new FloatArray(CHUNK * weights.rows());
        in(tasks, weights);
        in(tasks, active, x, y);
        MatMul.addResidualTo(tasks, TASK, active, weights, x, y, CHUNK);
    }

    private static void toHalf(TaskList tasks) {
        IntArray active = one();
        FloatArray x = new FloatArray(CHUNK * HIDDEN);
        HalfFloatArray rounded = new HalfFloatArray(CHUNK * HIDDEN);
        in(tasks, active, x, rounded);
        tasks.graph().task(TASK, MatMulUnits::toHalf, tasks.context(), active, x, rounded, HIDDEN);
        tasks.launch(TASK, MatMulUnits.toHalfGrid(HIDDEN, CHUNK));
    }

    private static void matMulUnits(TaskList tasks) {
        HalfFloatArray x = new HalfFloatArray(CHUNK * HIDDEN);
        HalfFloatArray w = new HalfFloatArray(ROWS * HIDDEN);
        FloatArray y = new FloatArray(CHUNK * ROWS);
        in(tasks, x, w, y);
        tasks.graph().task(TASK, MatMulUnits::multiply, tasks.context(), x, w, y, ROWS, HIDDEN);
        tasks.launch(TASK, MatMulUnits.grid(ROWS, CHUNK));
    }

    private static void queryKeyValue(TaskList tasks, DeviceMatrix weights) {
        IntArray active = one();
        FloatArray bias = new FloatArray(weights.rows());
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray q = new FloatArray(Q_ROWS);
        FloatArray k = new FloatArray(KV_ROWS);
        FloatArray v = new FloatArray(KV_ROWS);
        in(tasks, weights);
        in(tasks, active, bias, x, q, k, v);
        MatVecQkv.addTo(tasks, TASK, active, weights, bias, x, q, k, v, Q_ROWS, 1);
    }

    private static void matVecSwiGlu(TaskList tasks, DeviceMatrix weights) {
        IntArray active = one();
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray y = new FloatArray(weights.rows() / 2);
        in(tasks, weights);
        in(tasks, active, x, y);
        MatVecSwiGlu.addTo(tasks, TASK, active, weights, x, y, 1);
    }

    private static void rmsNorm(TaskList tasks) {
        IntArray active = one();
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray weight = new FloatArray(HIDDEN);
        FloatArray y = new FloatArray(HIDDEN);
        in(tasks, active, x, weight, y);
        RmsNorm.addTo(tasks, TASK, active, x, weight, y, HIDDEN, EPSILON, 1);
    }

    private static void rope(TaskList tasks, boolean interleaved) {
        IntArray active = one();
        IntArray positions = new IntArray(1);
        FloatArray cos = new FloatArray(HEAD_DIM / 2);
        FloatArray sin = new FloatArray(HEAD_DIM / 2);
        FloatArray q = new FloatArray(Q_ROWS);
        FloatArray k = new FloatArray(KV_ROWS);
        in(tasks, active, positions, cos, sin, q, k);
        if (interleaved) {
            Rope.addInterleavedTo(tasks, TASK, active, positions, cos, sin, q, k, QUERY_HEADS, KV_HEADS, HEAD_DIM,
                    HEAD_DIM, 1);
        } else {
            Rope.addHalvesTo(tasks, TASK, active, positions, cos, sin, q, k, QUERY_HEADS, KV_HEADS, HEAD_DIM,
                    HEAD_DIM, 1);
        }
    }

    private static void swiGlu(TaskList tasks) {
        IntArray active = one();
        FloatArray gate = new FloatArray(FEED_FORWARD);
        FloatArray up = new FloatArray(FEED_FORWARD);
        in(tasks, active, gate, up);
        SwiGlu.addTo(tasks, TASK, active, gate, up, FEED_FORWARD, 1);
    }

    private static void residual(TaskList tasks) {
        IntArray active = one();
        FloatArray x = new FloatArray(HIDDEN);
        FloatArray y = new FloatArray(HIDDEN);
        in(tasks, active, x, y);
        Add.addTo(tasks, TASK, active, x, y, HIDDEN, 1);
    }

    private static void argmaxParts(TaskList tasks) {
        IntArray active = one();
        FloatArray logits = new FloatArray(VOCABULARY);
        FloatArray values = new FloatArray(Argmax.PARTS);
        IntArray indices = new IntArray(Argmax.PARTS);
        in(tasks, active, logits, values, indices);
        tasks.graph().task(TASK, Argmax::parts, tasks.context(), active, logits, values, indices, VOCABULARY);
        tasks.launch(TASK, Argmax.partsGrid(1));
    }

    private static void argmaxWhole(TaskList tasks) {
        IntArray active = one();
        FloatArray values = new FloatArray(Argmax.PARTS);
        IntArray indices = new IntArray(Argmax.PARTS);
        IntArray chosen = new IntArray(1);
        in(tasks, active, values, indices, chosen);
        tasks.graph().task(TASK, Argmax::whole, tasks.context(), active, values, indices, chosen);
        tasks.launch(TASK, Argmax.wholeGrid(1));
    }

    private static void samplingCut(TaskList tasks) {
        IntArray active = one();
        FloatArray logits = new FloatArray(VOCABULARY);
        IntArray ids = one();
        FloatArray keptValues = new FloatArray(Sampling.cutTo(VOCABULARY));
        IntArray keptIds = new IntArray(Sampling.cutTo(VOCABULARY));
        in(tasks, active, logits, ids, keptValues, keptIds);
        tasks.graph()
                .task(TASK, Sampling::cut, tasks.context(), active, logits, ids, keptValues, keptIds, VOCABULARY,
                        1);
        tasks.launch(TASK, Sampling.cutGrid(VOCABULARY, 1));
    }

    private static void samplingDraw(TaskList tasks) {
        IntArray active = one();
        FloatArray values = new FloatArray(Sampling.KEPT);
        IntArray ids = new IntArray(Sampling.KEPT);
        IntArray topK = one();
        FloatArray options = new FloatArray(Sampling.OPTIONS);
        IntArray chosen = one();
        in(tasks, active, values, ids, topK, options, chosen);
        tasks.graph().task(TASK, Sampling::draw, tasks.context(), active, values, ids, topK, options, chosen);
        tasks.launch(TASK, Sampling.drawGrid(1));
    }
}
