package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.page.Scene.Listed;
import dev.kvasir.kernels.parallel.Workers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The vector kernel and the scalar reference against a dense softmax in double precision. */
class PagedAttentionTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    static Stream<AttentionShape> shapes() {
        return AttentionShape.all();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void attentionEqualsDenseAttention(AttentionShape shape) {
        var scene = new Scene(shape.geometry(), 1, shape.lengths());
        float[] q = scene.randoms(3 + shape.queryHeads() * shape.geometry().headDim(), 2f);
        float[] dense = scene.dense(q, 3, shape.queryHeads(), Integer.MAX_VALUE);
        var decoding = new Decoding(scene.filled(0), shape.queryHeads(), q, 3);
        assertThat(Scene.relativeError(decoding.reference(scene.lists), dense)).isLessThan(1e-6);
        assertThat(Scene.relativeError(decoding.vector(WORKERS, scene.lists), dense)).isLessThan(2e-6);
    }

    @Test
    void listsAttendedInTwoPartsMergeToTheWhole() {
        var shape = AttentionShape.of(KvType.F16, 16, 2, 64, 2, 700, 450);
        var scene = new Scene(shape.geometry(), 4, shape.lengths());
        float[] q = scene.randoms(shape.queryHeads() * 64, 2f);
        var decoding = new Decoding(scene.filled(0), shape.queryHeads(), q, 0);
        float[] whole = decoding.vector(WORKERS, scene.lists);
        var third = Stream.of(scene.lists).map(list -> part(list, true)).toArray(Listed[]::new);
        var rest = Stream.of(scene.lists).map(list -> part(list, false)).toArray(Listed[]::new);
        assertThat(Scene.relativeError(decoding.reference(third, rest), whole)).isLessThan(1e-6);
        assertThat(Scene.relativeError(decoding.vector(WORKERS, third, rest), whole)).isLessThan(1e-6);
    }

    // Every third page but the last one, or the rest.
    private static Listed part(Listed list, boolean third) {
        int last = list.frames().length - 1;
        int[] frames = IntStream.rangeClosed(0, last)
                .filter(i -> (i % 3 == 1 && i != last) == third)
                .map(i -> list.frames()[i])
                .toArray();
        return new Listed(frames, third ? 16 * frames.length : list.tokens() - 16 * (last + 1 - frames.length));
    }

    @Test
    void resultsDoNotDependOnTheNumberOfWorkers() {
        var shape = AttentionShape.of(KvType.F16, 32, 2, 80, 4, 1300, 577);
        var scene = new Scene(shape.geometry(), 5, shape.lengths());
        float[] q = scene.randoms(shape.queryHeads() * 80, 2f);
        var decoding = new Decoding(scene.filled(0), shape.queryHeads(), q, 0);
        float[][] out = new float[3][];
        for (int n = 1; n <= 3; n++) {
            try (var team = new Workers(n)) {
                out[n - 1] = decoding.vector(team, scene.lists);
            }
        }
        assertThat(out[1]).isEqualTo(out[0]);
        assertThat(out[2]).isEqualTo(out[0]);
    }

    @Test
    void scoresFarApartNeitherOverflowNorVanish() {
        var shape = AttentionShape.of(KvType.F32, 8, 1, 16, 4, 90);
        var scene = new Scene(shape.geometry(), 6, 90);
        float[] q = scene.randoms(shape.queryHeads() * 16, 500f);
        var decoding = new Decoding(scene.filled(0), shape.queryHeads(), q, 0);
        assertThat(Scene.relativeError(decoding.vector(WORKERS, scene.lists),
                scene.dense(q, 0, shape.queryHeads(), 90))).isLessThan(1e-4);
    }

    @Test
    void emptyListGivesZeros() {
        var shape = AttentionShape.of(KvType.F16, 8, 1, 16, 1, 9);
        var decoding = new Decoding(Scene.empty(shape.geometry(), 1), 1, new float[16], 0);
        Listed[] nothing = {new Listed(new int[0], 0)};
        assertThat(decoding.reference(nothing)).containsOnly(0f);
        assertThat(decoding.vector(WORKERS, nothing)).containsOnly(0f);
    }
}
