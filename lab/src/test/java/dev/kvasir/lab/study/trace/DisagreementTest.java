package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.plan.CacheShape;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DisagreementTest {

    /** Page 0 has corners that no key is at, page 1 the key that matters. */
    @Test
    void findsTheQueryWhoseBestPageTheHullHides() {
        float[][] keys = {{4, -4}, {-4, 4}, {0, 0}, {0, 0}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {-9, -9}};
        var trace = Traces.of(keys, new float[]{1, 1}, new float[]{1, 1});
        var search = Disagreement.search(trace, 4, KvType.F32);
        assertThat(search.queries()).isEqualTo(1);
        assertThat(search.meanAhead()).isEqualTo(1);
        assertThat(search.maxAhead()).isZero();
        // true: 0 and 6; hull: 4 + 4 against 6; mean radii: 2 + 2 against 6
        var one = search.strongest().getFirst();
        assertThat(one.best()).isEqualTo(1);
        assertThat(one.pages()).containsExactly(0, 1);
        assertThat(one.rankByMean()).isZero();
        assertThat(one.rankByMax()).isEqualTo(1);
    }

    @Test
    void countsEveryQueryOnceAndPutsTheWidestGapFirst() {
        var trace = Traces.wandering(new CacheShape(2, 4, 2, 8), 200, 6, 9);
        var search = Disagreement.search(trace, 4, KvType.F16);
        assertThat(search.queries()).isEqualTo(2 * 4 * 6);
        assertThat(search.meanAhead() + search.maxAhead()).isBetween(1, search.queries());
        assertThat(search.strongest()).hasSizeBetween(1, 4)
                .isSortedAccordingTo((a, b) -> Integer.compare(b.gap(), a.gap()))
                .allSatisfy(one -> {
                    assertThat(one.pages()).contains(one.best()).isSorted().hasSizeBetween(3, 9);
                    assertThat(one.rankByMax() - one.rankByMean()).isEqualTo(one.gap()).isPositive();
                });
    }
}
