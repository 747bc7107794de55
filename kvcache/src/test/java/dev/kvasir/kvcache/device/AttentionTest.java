package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Attention of every device against a dense softmax in double precision, at awkward sizes. */
class AttentionTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    record Shape(PageGeometry geometry, int shared, int[] lengths) {
        int queryHeads() {
            return shared * geometry.heads() * lengths.length;
        }

        @Override
        public String toString() {
            return "%s x%d %s".formatted(geometry, shared, Arrays.toString(lengths));
        }
    }

    private static Shape shape(KvType type, int pageSize, int heads, int headDim, int shared, int... lengths) {
        return new Shape(new PageGeometry(pageSize, heads, headDim, type), shared, lengths);
    }

    static Stream<Shape> shapes() {
        return Stream.of(shape(KvType.F32, 32, 1, 64, 1, 1), shape(KvType.F16, 32, 2, 128, 4, 27),
                shape(KvType.BF16, 16, 2, 80, 2, 61), shape(KvType.F16, 16, 1, 48, 3, 113, 15),
                shape(KvType.F32, 64, 1, 96, 8, 482), shape(KvType.F16, 32, 4, 64, 7, 577),
                shape(KvType.F16, 4, 2, 64, 4, 577), shape(KvType.BF16, 8, 1, 50, 1, 255, 257, 31),
                shape(KvType.F16, 128, 1, 128, 1, 127, 128, 129, 1), shape(KvType.F32, 4, 3, 7, 1, 113),
                shape(KvType.F16, 8, 1, 128, 5, 1, 8, 9), shape(KvType.F16, 32, 8, 64, 1, 33));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void decodeEqualsDenseAttention(Shape shape) {
        var scene = new Scene(shape.geometry, 1, shape.lengths);
        float[] q = scene.randoms(3 + shape.queryHeads() * shape.geometry.headDim(), 2f);
        float[] dense = scene.dense(q, 3, shape.queryHeads(), Integer.MAX_VALUE);
        try (var reference = scene.fill(new ReferenceKvDevice(shape.geometry, scene.frames));
                var vector = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            assertThat(Scene.relativeError(decode(reference, shape, q, 3, scene.lists), dense)).isLessThan(1e-6);
            assertThat(Scene.relativeError(decode(vector, shape, q, 3, scene.lists), dense)).isLessThan(2e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void causalAttentionEqualsDenseAttentionOfEachQuery(Shape shape) {
        int length = Math.min(Arrays.stream(shape.lengths).max().orElseThrow(), 160);
        int[] lengths = shape.lengths.clone();
        Arrays.fill(lengths, length);
        int queries = Math.min(length, 37);
        var scene = new Scene(shape.geometry, 2, lengths);
        int width = shape.queryHeads() * shape.geometry.headDim();
        float[] q = scene.randoms(queries * width, 2f);
        float[] dense = new float[q.length];
        for (int i = 0; i < queries; i++) {
            float[] row = scene.dense(q, i * width, shape.queryHeads(), length - queries + i + 1);
            System.arraycopy(row, 0, dense, i * width, width);
        }
        try (var reference = scene.fill(new ReferenceKvDevice(shape.geometry, scene.frames));
                var vector = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            float[] out = new float[q.length];
            reference.prefill(q, queries, shape.queryHeads(), length - queries, scene.lists, out);
            assertThat(Scene.relativeError(out, dense)).isLessThan(1e-6);
            vector.prefill(q, queries, shape.queryHeads(), length - queries, scene.lists, out);
            assertThat(Scene.relativeError(out, dense)).isLessThan(2e-6);
        }
    }

    @Test
    void promptReadInUnevenRunsEqualsPromptReadAtOnce() {
        var shape = shape(KvType.F16, 32, 2, 64, 3, 300);
        var scene = new Scene(shape.geometry, 3, 300);
        int width = shape.queryHeads() * 64;
        float[] q = scene.randoms(300 * width, 1f);
        float[] whole = new float[q.length];
        float[] inRuns = new float[q.length];
        try (var device = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            device.prefill(q, 300, shape.queryHeads(), 0, scene.lists, whole);
            for (int from = 0, run = 1; from < 300; from += run, run = Math.min(2 * run + 3, 300 - from)) {
                float[] out = new float[run * width];
                device.prefill(Arrays.copyOfRange(q, from * width, (from + run) * width), run, shape.queryHeads(), from,
                        scene.lists, out);
                System.arraycopy(out, 0, inRuns, from * width, out.length);
            }
        }
        assertThat(inRuns).isEqualTo(whole);
    }

    @Test
    void listsAttendedInTwoPartsMergeToTheWhole() {
        var shape = shape(KvType.F16, 16, 2, 64, 2, 700, 450);
        var scene = new Scene(shape.geometry, 4, shape.lengths);
        float[] q = scene.randoms(shape.queryHeads() * 64, 2f);
        var first = new FrameList[2];
        var second = new FrameList[2];
        for (int group = 0; group < 2; group++) {
            first[group] = new FrameList();
            second[group] = new FrameList();
            for (int i = 0; i < scene.lists[group].size(); i++) {
                boolean last = i == scene.lists[group].size() - 1;
                (i % 3 == 1 && !last ? first : second)[group].add(scene.lists[group].frames()[i],
                        last ? scene.lists[group].tokensInLast() : 16);
            }
        }
        try (var reference = scene.fill(new ReferenceKvDevice(shape.geometry, scene.frames));
                var vector = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            float[] whole = decode(vector, shape, q, 0, scene.lists);
            assertThat(Scene.relativeError(decode(reference, shape, q, 0, first, second), whole)).isLessThan(1e-6);
            assertThat(Scene.relativeError(decode(vector, shape, q, 0, first, second), whole)).isLessThan(1e-6);
        }
    }

    @Test
    void resultsDoNotDependOnTheNumberOfWorkers() {
        var shape = shape(KvType.F16, 32, 2, 80, 4, 1300, 577);
        var scene = new Scene(shape.geometry, 5, shape.lengths);
        float[] q = scene.randoms(50 * shape.queryHeads() * 80, 2f);
        float[][] decoded = new float[3][];
        float[][] prefilled = new float[3][q.length];
        for (int n = 1; n <= 3; n++) {
            try (var team = new Workers(n);
                    var device = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, team))) {
                decoded[n - 1] = decode(device, shape, q, 0, scene.lists);
                device.prefill(q, 50, shape.queryHeads(), 500, scene.lists, prefilled[n - 1]);
            }
        }
        assertThat(decoded[1]).isEqualTo(decoded[0]);
        assertThat(decoded[2]).isEqualTo(decoded[0]);
        assertThat(prefilled[1]).isEqualTo(prefilled[0]);
        assertThat(prefilled[2]).isEqualTo(prefilled[0]);
    }

    @Test
    void scoresFarApartNeitherOverflowNorVanish() {
        var shape = shape(KvType.F32, 8, 1, 16, 4, 90);
        var scene = new Scene(shape.geometry, 6, 90);
        float[] q = scene.randoms(shape.queryHeads() * 16, 500f);
        try (var vector = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            float[] out = decode(vector, shape, q, 0, scene.lists);
            assertThat(Scene.relativeError(out, scene.dense(q, 0, shape.queryHeads(), 90))).isLessThan(1e-4);
        }
    }

    @Test
    void emptyListGivesZeros() {
        var shape = shape(KvType.F16, 8, 1, 16, 1, 9);
        var scene = new Scene(shape.geometry, 7, 9);
        try (var reference = new ReferenceKvDevice(shape.geometry, scene.frames);
                var vector = new VectorKvDevice(shape.geometry, scene.frames, WORKERS)) {
            FrameList[] nothing = {new FrameList()};
            assertThat(decode(reference, shape, new float[16], 0, nothing)).containsOnly(0f);
            assertThat(decode(vector, shape, new float[16], 0, nothing)).containsOnly(0f);
        }
    }

    @Test
    void queriesAheadOfTheirKeysAreRefused() {
        var shape = shape(KvType.F16, 8, 1, 16, 1, 9);
        var scene = new Scene(shape.geometry, 8, 9);
        try (var vector = scene.fill(new VectorKvDevice(shape.geometry, scene.frames, WORKERS))) {
            assertThatThrownBy(() -> vector.prefill(new float[32], 2, 1, 8, scene.lists, new float[32]))
                    .hasMessageContaining("9 tokens")
                    .hasMessageContaining("append them first");
        }
    }

    private static float[] decode(KvDevice device, Shape shape, float[] q, int qOffset, FrameList[]... lists) {
        var state = device.newPartialResults(shape.queryHeads(), shape.lengths.length, 1);
        float[] out = new float[2 + shape.queryHeads() * shape.geometry.headDim()];
        for (int again = 0; again < 2; again++) { // merging empties the state
            Arrays.fill(out, Float.NaN);
            for (var each : lists) {
                device.attend(q, qOffset, each, state);
            }
            device.merge(state, out, 2);
        }
        return Arrays.copyOfRange(out, 2, out.length);
    }
}
