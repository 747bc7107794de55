package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The promises of the corners of a page's cuboid, by the scalar reference and by the vector kernels. */
class CornerScoreTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    /** The estimate of one page for one query head, by each form. */
    private static float[] estimates(DigestKind kind, PageGeometry geometry, float[] keys, float[] q) {
        int[] digestFrames = IntStream.rangeClosed(1, kind.frames(geometry)).toArray();
        var forms = Digests.forms(geometry, 1 + digestFrames.length, WORKERS);
        float[] estimates = new float[forms.size()];
        for (int i = 0; i < estimates.length; i++) {
            var form = forms.get(i);
            form.append(0, 0, geometry.pageSize(), keys, geometry.headDim());
            form.digest(kind, 0, digestFrames, 0);
            float[] importance = new float[1];
            form.score(kind, HeadAggregation.MEAN, digestFrames, 1, q, 0, 1, importance);
            estimates[i] = importance[0];
        }
        return estimates;
    }

    private static float[] randoms(int n, long seed) {
        var random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static double exact(float[] keys, float[] q) {
        double best = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < keys.length; t += q.length) {
            double product = 0;
            for (int d = 0; d < q.length; d++) {
                product += (double) q[d] * keys[t + d];
            }
            best = Math.max(best, product);
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({"4, 64", "8, 96", "16, 128", "32, 7", "64, 64", "128, 40"})
    void aPageOfIdenticalKeysIsEstimatedExactly(int pageSize, int headDim) {
        for (var type : KvType.values()) {
            float[] keys = new float[pageSize * headDim];
            float[] q = randoms(headDim, 2);
            for (int i = 0; i < keys.length; i++) {
                keys[i] = (i % headDim - 3) * 0.25f; // a number of every type
            }
            for (float estimate : estimates(DigestKind.CUBOID_CORNERS,
                    new PageGeometry(pageSize, 1, headDim, type), keys, q)) {
                assertThat(estimate).as(type.name()).isCloseTo((float) exact(keys, q), within(1e-4f));
            }
        }
    }

    /** Keys at corners of a box are where their digest says. */
    @ParameterizedTest
    @ValueSource(ints = {4, 8, 16, 32, 64, 128})
    void keysAtCornersAreEstimatedExactly(int pageSize) {
        int headDim = 24;
        var random = new Random(pageSize);
        float[] keys = new float[pageSize * headDim];
        for (int i = 0; i < keys.length; i++) {
            int d = i % headDim;
            boolean upper = i < headDim || i >= 2 * headDim && random.nextBoolean(); // both occur
            keys[i] = upper ? d * 0.5f : -1 - d;
        }
        float[] q = randoms(headDim, 3);
        for (var type : KvType.values()) {
            for (float estimate : estimates(DigestKind.CUBOID_CORNERS,
                    new PageGeometry(pageSize, 1, headDim, type), keys, q)) {
                assertThat(estimate).as(type.name()).isCloseTo((float) exact(keys, q), within(1e-4f));
            }
        }
    }

    /** The best corner at which a key lies is never better than the best corner. */
    @ParameterizedTest
    @EnumSource(KvType.class)
    void theyNeverExceedTheMeanCuboidAndAreCloser(KvType type) {
        for (int pageSize = 4; pageSize <= 128; pageSize *= 2) {
            for (int headDim : new int[]{33, 64, 96, 128}) {
                var geometry = new PageGeometry(pageSize, 1, headDim, type);
                float[] keys = randoms(pageSize * headDim, 4);
                float[] q = randoms(headDim, 5);
                float[] cuboid = estimates(DigestKind.CUBOID_MEAN, geometry, keys, q);
                float[] corners = estimates(DigestKind.CUBOID_CORNERS, geometry, keys, q);
                double exact = exact(keys, q);
                for (int i = 0; i < corners.length; i++) {
                    assertThat(corners[i]).as("%s", geometry).isLessThanOrEqualTo(cuboid[i] + 1e-4f);
                    assertThat(Math.abs(corners[i] - exact)).as("%s", geometry)
                            .isLessThan(0.5 * Math.abs(cuboid[i] - exact));
                }
            }
        }
    }

    /** Dimensions of very different size, as real keys have, cost nothing: the estimate is the same. */
    @Test
    void scalingADimensionChangesNothing() {
        var geometry = new PageGeometry(16, 1, 64, KvType.F32);
        float[] keys = randoms(16 * 64, 6);
        float[] q = randoms(64, 7);
        float[] expected = estimates(DigestKind.CUBOID_CORNERS, geometry, keys, q);
        for (int i = 0; i < keys.length; i++) {
            keys[i] *= 1 << i % 64 % 7;
        }
        for (int d = 0; d < 64; d++) {
            q[d] /= 1 << d % 7;
        }
        assertThat(estimates(DigestKind.CUBOID_CORNERS, geometry, keys, q)).isEqualTo(expected);
    }

    /** A vector that all keys share is estimated without a loss. */
    @Test
    void aCommonOffsetIsAddedExactly() {
        var geometry = new PageGeometry(32, 1, 64, KvType.F32);
        float[] keys = randoms(32 * 64, 8);
        float[] q = randoms(64, 9);
        float[] before = estimates(DigestKind.CUBOID_CORNERS, geometry, keys, q);
        double added = 0;
        for (int d = 0; d < 64; d++) {
            added += q[d] * (d - 20f);
        }
        for (int i = 0; i < keys.length; i++) {
            keys[i] += i % 64 - 20;
        }
        float[] after = estimates(DigestKind.CUBOID_CORNERS, geometry, keys, q);
        for (int i = 0; i < after.length; i++) {
            assertThat(after[i]).isCloseTo((float) (before[i] + added), within(1e-3f));
        }
    }
}
