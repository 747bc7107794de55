package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.lab.study.trace.DigestComparison.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class DigestComparisonTest {
    private static final List<DigestKind> ALL = List.of(DigestKind.values());

    @Test
    void estimatesAreThoseOfTheFormulas() {
        float[][] keys = {{1, 0, 2}, {3, -2, 0}, {-1, 4, 1}, {1, 2, -3}, {0, 0, 0}};
        var trace = Traces.of(keys, new float[]{1, 1, 1}, new float[]{0.5f, -2, 1});
        Map<DigestKind, Double> expected = Map.of(DigestKind.CENTROID, -1.5, DigestKind.SPHERE_MAX, 6.947765,
                DigestKind.SPHERE_CENTER, 5.558623, DigestKind.SPHERE_MEAN, 5.406785, DigestKind.CUBOID_MAX, 7.5,
                DigestKind.CUBOID_CENTER, 4.0, DigestKind.CUBOID_MEAN, 4.25,
                DigestKind.CUBOID_CORNERS, 4.25);
        try (var estimates = new DigestEstimates(trace, 0, 0, 1, 4, KvType.F32, ALL)) {
            assertThat(estimates.pages()).isEqualTo(1);
            expected.forEach((kind, value) -> assertThat(
                    (double) estimates.score(kind, HeadAggregation.MEAN, 1, 1)[0]).isCloseTo(value, within(1e-5)));
        }
    }

    @Test
    void boundingVolumesFindTheOutlierThatTheCentroidHides() {
        float[][] keys = new float[17][];
        for (int page = 0; page < 4; page++) {
            for (int t = 0; t < 4; t++) {
                keys[4 * page + t] = new float[]{page == 1 ? 1 : 0}; // page 1: all keys are 1
            }
        }
        keys[8] = new float[]{5}; // page 2: 5, -5, -5, -5
        keys[9] = new float[]{-5};
        keys[10] = new float[]{-5};
        keys[11] = new float[]{-5};
        keys[16] = new float[]{0};
        var trace = Traces.of(keys, new float[]{1}, new float[]{1});
        var scope = new RankingScope(4, Groups.LAYER, HeadAggregation.MEAN, 0, 1, KvType.F32);

        var samples = new DigestComparison(scope, ALL, 4).of(trace, 0);

        assertThat(samples).hasSize(ALL.size() + 1);
        for (Sample sample : samples) {
            if (sample.digest().equals("centroid")) {
                // 1, then 0 and 3 with zero, then 2
                assertThat(sample.found()).containsExactly(0, 0.5, 2.0 / 3, 1);
            } else {
                assertThat(sample.found()).as(sample.digest()).startsWith(1, 1);
            }
        }
        double outlier = Math.exp(5) + 3 * Math.exp(-5);
        double all = outlier + 4 * Math.E + 8;
        var exact = samples.getLast();
        assertThat(exact.digest()).isEqualTo(DigestComparison.EXACT);
        assertThat(exact.mass()[0]).isCloseTo(outlier / all, within(1e-6));
        assertThat(exact.mass()[3]).isCloseTo(1, within(1e-9));
        assertThat(samples.getFirst().mass()[0]).isCloseTo(4 * Math.E / all, within(1e-6));
    }

    @Test
    void aSampleIsTheMeanOfItsGroups() {
        var trace = Traces.wandering(new CacheShape(2, 4, 2, 8), 70, 5, 11);
        var layer = new RankingScope(4, Groups.LAYER, HeadAggregation.MEAN, 1, 2, KvType.F16);
        var heads = new RankingScope(4, Groups.KV_HEAD, HeadAggregation.MEAN, 1, 2, KvType.F16);
        for (var scope : List.of(layer, heads)) {
            var samples = new DigestComparison(scope, List.of(DigestKind.CUBOID_MEAN), 8).of(trace, 1);
            assertThat(samples).hasSize(2 * 5).allMatch(sample -> sample.layer() == 1);
            assertThat(samples.stream().filter(sample -> sample.digest().equals("exact")))
                    .allSatisfy(sample -> assertThat(sample.found()).containsOnly(1.0));
            assertThat(samples).allSatisfy(sample -> assertThat(sample.mass()).isSorted());
        }
    }

    @Test
    void exactImportanceOfOnePageIsFoundByTheTightBoxOnly() {
        // Two pages whose tight boxes both reach 4 x 1, of which only page 1 has a key there.
        float[][] keys = {{4, 0}, {0, 4}, {0, 4}, {4, 0}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {0, 0}};
        var trace = Traces.of(keys, new float[]{1, 1}, new float[]{1, 1});
        var scope = new RankingScope(4, Groups.LAYER, HeadAggregation.MEAN, 0, 1, KvType.F32);
        var samples = new DigestComparison(scope, List.of(DigestKind.CUBOID_MAX), 1).of(trace, 0);
        assertThat(samples.getFirst().found()).containsExactly(0); // 8 > 6, though 4 < 6: the bound loses
    }
}
