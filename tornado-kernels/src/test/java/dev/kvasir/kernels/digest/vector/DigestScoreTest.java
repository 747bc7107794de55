package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Digests and their estimates, by the scalar reference and by the vector kernels: worked examples, bounds, agreement. */
class DigestScoreTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @CsvSource({"CENTROID, 2, -1.5", "SPHERE_MAX, 8.263875, 6.947765", "SPHERE_CENTER, 7.213782, 5.558623",
        "SPHERE_MEAN, 7.099003, 5.406785", "CUBOID_MAX, 9, 7.5", "CUBOID_CENTER, 6, 4", "CUBOID_MEAN, 6.25, 4.25",
        "CUBOID_CORNERS, 4.25, 4.25"})
    void estimatesEqualTheWorkedExample(DigestKind kind, float first, float second) {
        for (int pageSize : new int[]{4, 16, 32}) {
            // The four keys of the example over and over: extremes and means stay what they are.
            float[] example = {1, 0, 2, 3, -2, 0, -1, 4, 1, 1, 2, -3};
            float[] keys = new float[3 * pageSize];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = example[i % 12];
            }
            var geometry = new PageGeometry(pageSize, 1, 3, KvType.F32);
            int[] digestFrames = IntStream.rangeClosed(1, kind.frames(geometry)).toArray();
            for (var form : Digests.forms(geometry, 1 + digestFrames.length, WORKERS)) {
                form.append(0, 0, pageSize, keys, 3);
                form.digest(kind, 0, digestFrames, 2);
                float[] importance = new float[3];
                float[] q = {1, 1, 1, 0.5f, -2, 1};
                form.score(kind, HeadAggregation.MEAN, digestFrames, 3, q, 0, 1, importance);
                assertThat(importance[2]).isCloseTo(first, within(2e-6f));
                form.score(kind, HeadAggregation.MEAN, digestFrames, 3, q, 3, 1, importance);
                assertThat(importance[2]).isCloseTo(second, within(2e-6f));
                form.score(kind, HeadAggregation.MEAN, digestFrames, 3, q, 0, 2, importance);
                assertThat(importance[2]).isCloseTo((first + second) / 2, within(2e-6f));
                form.score(kind, HeadAggregation.MAX, digestFrames, 3, q, 0, 2, importance);
                assertThat(importance[2]).isCloseTo(Math.max(first, second), within(2e-6f));
            }
        }
    }

    private static List<PageGeometry> geometries() {
        var all = new ArrayList<PageGeometry>();
        for (var type : KvType.values()) {
            all.add(new PageGeometry(4, 2, 64, type));
            all.add(new PageGeometry(8, 1, 48, type));
            all.add(new PageGeometry(16, 3, 7, type));
            all.add(new PageGeometry(32, 2, 80, type));
            all.add(new PageGeometry(64, 1, 96, type));
            all.add(new PageGeometry(128, 1, 64, type));
            all.add(new PageGeometry(16, 1, 128, type));
        }
        return all;
    }

    private static int digestFrames(DigestKind kind, PageGeometry geometry, int pages) {
        return (pages + geometry.pageSize() - 1) / geometry.pageSize() * kind.frames(geometry);
    }

    /** Digests all pages of a scene into the frames after those of the scene, the last one first. */
    private static int[] digestAll(Digests form, DigestKind kind, Scene scene, int pages) {
        int[] digestFrames = new int[digestFrames(kind, scene.geometry, pages)];
        for (int i = 0; i < digestFrames.length; i++) {
            digestFrames[i] = scene.frames + digestFrames.length - 1 - i;
        }
        for (int page = 0; page < pages; page++) {
            form.digest(kind, scene.lists[0].frames()[page], digestFrames, page);
        }
        return digestFrames;
    }

    @ParameterizedTest
    @EnumSource(DigestKind.class)
    void vectorEstimatesEqualTheReference(DigestKind kind) {
        for (var geometry : geometries()) {
            int pages = geometry.pageSize() + 3;
            var scene = new Scene(geometry, 9, pages * geometry.pageSize());
            int frames = scene.frames + digestFrames(kind, geometry, pages);
            // A mean that falls between two stored numbers may be rounded to either.
            double tolerance = switch (geometry.type()) {
                case F32 -> 1e-6;
                case F16 -> 2e-4;
                case BF16 -> 2e-3;
            };
            var reference = Digests.forms(geometry, frames, WORKERS).getFirst();
            var vector = Digests.forms(geometry, frames, WORKERS).getLast();
            scene.append(Scene.vector(reference.frames()));
            scene.append(Scene.vector(vector.frames()));
            int[] digestFrames = digestAll(reference, kind, scene, pages);
            digestAll(vector, kind, scene, pages);
            for (int shared : new int[]{1, 3, 4}) {
                int queryHeads = shared * geometry.heads();
                float[] q = scene.randoms(5 + queryHeads * geometry.headDim(), 1f);
                for (var aggregation : HeadAggregation.values()) {
                    float[] expected = new float[pages];
                    float[] actual = new float[pages];
                    reference.score(kind, aggregation, digestFrames, pages, q, 5, queryHeads, expected);
                    vector.score(kind, aggregation, digestFrames, pages, q, 5, queryHeads, actual);
                    assertThat(Scene.relativeError(actual, expected)).as("%s %s x%d", geometry, aggregation, shared)
                            .isLessThan(tolerance);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DigestKind.class, names = {"SPHERE_MAX", "CUBOID_MAX"})
    void upperBoundsHoldForEveryKeyWhateverTheType(DigestKind kind) {
        for (var geometry : geometries()) {
            int pages = 6;
            var scene = new Scene(geometry, 10, pages * geometry.pageSize());
            int queryHeads = geometry.heads();
            for (var form : Digests.forms(geometry, scene.frames + digestFrames(kind, geometry, pages), WORKERS)) {
                scene.append(Scene.vector(form.frames()));
                float[] bounds = new float[pages];
                float[] q = scene.randoms(queryHeads * geometry.headDim(), 1f);
                form.score(kind, HeadAggregation.MAX, digestAll(form, kind, scene, pages), pages, q, 0, queryHeads,
                        bounds);
                for (int page = 0; page < pages; page++) {
                    double exact = exact(scene, page, q);
                    assertThat(bounds[page]).as("%s %s page %d", form, geometry, page)
                            .isGreaterThanOrEqualTo((float) (exact - 1e-5 * Math.abs(exact)));
                }
            }
        }
    }

    private static double exact(Scene scene, int page, float[] q) {
        var geometry = scene.geometry;
        double max = Double.NEGATIVE_INFINITY;
        for (int head = 0; head < geometry.heads(); head++) {
            for (int t = page * geometry.pageSize(); t < (page + 1) * geometry.pageSize(); t++) {
                double dot = 0;
                for (int d = 0; d < geometry.headDim(); d++) {
                    dot += (double) q[head * geometry.headDim() + d] * scene.key(0, t, head, d);
                }
                max = Math.max(max, dot);
            }
        }
        return max;
    }

    @ParameterizedTest
    @EnumSource(value = DigestKind.class, names = {"CUBOID_MEAN", "CUBOID_CORNERS"})
    void importanceDoesNotDependOnTheNumberOfWorkers(DigestKind kind) {
        var geometry = new PageGeometry(16, 2, 64, KvType.F16);
        var scene = new Scene(geometry, 11, 16 * 50);
        float[] q = scene.randoms(8 * 64, 1f);
        float[][] importance = new float[3][50];
        for (int n = 1; n <= 3; n++) {
            try (var team = new Workers(n)) {
                var form = Digests.vector(scene.filled(digestFrames(kind, geometry, 50)), team);
                int[] digestFrames = digestAll(form, kind, scene, 50);
                form.score(kind, HeadAggregation.MEAN, digestFrames, 50, q, 0, 8, importance[n - 1]);
            }
        }
        assertThat(importance[1]).isEqualTo(importance[0]);
        assertThat(importance[2]).isEqualTo(importance[0]);
    }
}
