package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.page.Scene.Listed;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The vector kernel and the scalar reference against a dense softmax in double precision of each query. */
class CausalAttentionTest {
    private static final float[] UNOBSERVED = {};
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    static Stream<AttentionShape> shapes() {
        return AttentionShape.all();
    }

    private static int[][] frames(Scene scene) {
        return Stream.of(scene.lists).map(Listed::frames).toArray(int[][]::new);
    }

    private static int[] before(Scene scene, int tokens) {
        int[] before = new int[scene.lists.length];
        Arrays.fill(before, tokens);
        return before;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyQueryEqualsDenseAttentionAndLeavesItsLogits(AttentionShape shape) {
        int length = Math.min(Arrays.stream(shape.lengths()).max().orElseThrow(), 160);
        int[] lengths = shape.lengths().clone();
        Arrays.fill(lengths, length);
        int queries = Math.min(length, 37);
        int first = length - queries;
        int heads = shape.queryHeads();
        var scene = new Scene(shape.geometry(), 2, lengths);
        int width = heads * shape.geometry().headDim();
        float[] q = scene.randoms(queries * width, 2f);
        float[] dense = new float[q.length];
        for (int i = 0; i < queries; i++) {
            float[] row = scene.dense(q, i * width, heads, first + i + 1);
            System.arraycopy(row, 0, dense, i * width, width);
        }
        var pages = scene.filled(0);
        var vector = new CausalAttention(pages, WORKERS);
        float[] out = new float[q.length];
        float[] logits = new float[queries * heads * length];
        float[] logSums = new float[queries * heads];
        dev.kvasir.kernels.attention.reference.CausalAttention.attend(pages, q, queries, heads, before(scene, first),
                frames(scene), out, logits, length, logSums);
        assertThat(Scene.relativeError(out, dense)).isLessThan(1e-6);
        checkLogits(scene, shape, q, queries, first, logits, logSums);

        vector.attend(q, queries, heads, before(scene, first), frames(scene), out);
        assertThat(Scene.relativeError(out, dense)).isLessThan(2e-6);
        float[] observed = new float[q.length];
        Arrays.fill(logits, Float.NaN);
        vector.attend(q, queries, heads, before(scene, first), frames(scene), observed, logits, length, logSums);
        assertThat(observed).isEqualTo(out);
        checkLogits(scene, shape, q, queries, first, logits, logSums);
    }

    private static void checkLogits(Scene scene, AttentionShape shape, float[] q, int queries, int first,
            float[] logits, float[] logSums) {
        int heads = shape.queryHeads();
        int headDim = shape.geometry().headDim();
        int length = scene.lengths[0];
        for (int i = 0; i < queries; i += 5) {
            for (int h = 0; h < heads; h++) {
                int kvHead = h / shape.shared();
                int row = i * heads + h;
                double[] expected = scene.logits(q, row * headDim, kvHead / shape.geometry().heads(),
                        kvHead % shape.geometry().heads(), first + i + 1);
                double max = Arrays.stream(expected).max().orElseThrow();
                double sum = 0;
                for (int t = 0; t < expected.length; t++) {
                    assertThat(Math.abs(logits[row * length + t] - expected[t])).isLessThan(3e-5);
                    sum += Math.exp(expected[t] - max);
                }
                assertThat(Math.abs(logSums[row] - max - Math.log(sum))).isLessThan(3e-5);
            }
        }
    }

    @Test
    void promptReadInUnevenRunsEqualsPromptReadAtOnce() {
        var shape = AttentionShape.of(KvType.F16, 32, 2, 64, 3, 300);
        var scene = new Scene(shape.geometry(), 3, 300);
        int heads = shape.queryHeads();
        int width = heads * 64;
        float[] q = scene.randoms(300 * width, 1f);
        float[] whole = new float[q.length];
        float[] inRuns = new float[q.length];
        var attention = new CausalAttention(scene.filled(0), WORKERS);
        attention.attend(q, 300, heads, before(scene, 0), frames(scene), whole);
        for (int from = 0, run = 1; from < 300; from += run, run = Math.min(2 * run + 3, 300 - from)) {
            float[] out = new float[run * width];
            attention.attend(Arrays.copyOfRange(q, from * width, (from + run) * width), run, heads,
                    before(scene, from), frames(scene), out);
            System.arraycopy(out, 0, inRuns, from * width, out.length);
        }
        assertThat(inRuns).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void listsOfDifferentLengthsAreAttendedAsEachWouldBeAlone(AttentionShape shape) {
        int[] lengths = Arrays.stream(shape.lengths()).map(length -> Math.min(length, 160)).toArray();
        int queries = Math.min(Arrays.stream(lengths).min().orElseThrow(), 9);
        int[] before = Arrays.stream(lengths).map(length -> length - queries).toArray();
        int heads = shape.queryHeads();
        int width = heads * shape.geometry().headDim();
        var scene = new Scene(shape.geometry(), 4, lengths);
        float[] q = scene.randoms(queries * width, 2f);
        float[] out = new float[q.length];
        var pages = scene.filled(0);
        dev.kvasir.kernels.attention.reference.CausalAttention.attend(pages, q, queries, heads, before, frames(scene),
                out, UNOBSERVED, 0, UNOBSERVED);
        float[] expected = out.clone();
        int last = (queries - 1) * width;
        assertThat(Scene.relativeError(Arrays.copyOfRange(out, last, last + width),
                scene.dense(q, last, heads, Integer.MAX_VALUE))).isLessThan(1e-6);

        new CausalAttention(pages, WORKERS).attend(q, queries, heads, before, frames(scene), out);
        assertThat(Scene.relativeError(out, expected)).isLessThan(2e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 400, 512, 777})
    void tokensThatComePartByPartEqualTokensAtOnce(int first) {
        for (var geometry : List.of(new PageGeometry(32, 2, 64, KvType.F16), new PageGeometry(4, 1, 40, KvType.F32),
                new PageGeometry(128, 1, 16, KvType.BF16))) {
            int queries = 53;
            var shape = new AttentionShape(geometry, 3, new int[]{first + queries, first + queries});
            int heads = shape.queryHeads();
            var scene = new Scene(geometry, 7, shape.lengths());
            float[] q = scene.randoms(queries * heads * geometry.headDim(), 2f);
            var pages = scene.filled(0);
            float[] whole = new float[q.length];
            float[] out = new float[q.length];
            var attention = new CausalAttention(pages, WORKERS);
            attention.attend(q, queries, heads, before(scene, first), frames(scene), whole);
            var state = new CausalState();
            for (int again = 0; again < 2; again++) {
                inParts(geometry, first, queries, scene, (start, tokens, lists) -> attention.attendPart(q, queries,
                        heads, before(scene, first), start, tokens, lists, state, out));
                assertThat(out).isEqualTo(whole);
                Arrays.fill(out, Float.NaN);
            }
            inParts(geometry, first, queries, scene,
                    (start, tokens, lists) -> dev.kvasir.kernels.attention.reference.CausalAttention
                            .attendPart(pages, q, queries, heads, first, start, tokens, lists, state, out));
            assertThat(Scene.relativeError(out, whole)).isLessThan(2e-6);
        }
    }

    private interface Part {
        void attend(int start, int tokens, int[][] lists);
    }

    private static void inParts(PageGeometry geometry, int first, int queries, Scene scene, Part part) {
        int most = 128;
        for (int start = 0; start <= first; start += most) {
            boolean isLast = start + most > first;
            int from = start / geometry.pageSize();
            int to = isLast ? Integer.MAX_VALUE : (start + most) / geometry.pageSize();
            int[][] lists = Stream.of(frames(scene))
                    .map(list -> Arrays.copyOfRange(list, from, Math.min(to, list.length)))
                    .toArray(int[][]::new);
            part.attend(start, isLast ? first + queries - start : most, lists);
        }
    }

    @Test
    void aPartThatEndsWithinATileIsRefused() {
        var scene = new Scene(new PageGeometry(32, 1, 16, KvType.F16), 3, 300);
        var attention = new CausalAttention(scene.filled(0), WORKERS);
        assertThatThrownBy(() -> attention.attendPart(new float[16], 1, 1, new int[]{299}, 0, 96, frames(scene),
                new CausalState(), new float[16])).hasMessageContaining("96 tokens")
                .hasMessageContaining("tiles of 64");
    }

    @Test
    void resultsDoNotDependOnTheNumberOfWorkers() {
        var shape = AttentionShape.of(KvType.F16, 32, 2, 80, 4, 1300, 577);
        var scene = new Scene(shape.geometry(), 5, shape.lengths());
        float[] q = scene.randoms(50 * shape.queryHeads() * 80, 2f);
        var pages = scene.filled(0);
        float[][] out = new float[3][q.length];
        for (int n = 1; n <= 3; n++) {
            try (var team = new Workers(n)) {
                new CausalAttention(pages, team).attend(q, 50, shape.queryHeads(), before(scene, 500), frames(scene),
                        out[n - 1],
                        UNOBSERVED, 0, UNOBSERVED);
            }
        }
        assertThat(out[1]).isEqualTo(out[0]);
        assertThat(out[2]).isEqualTo(out[0]);
    }
}
