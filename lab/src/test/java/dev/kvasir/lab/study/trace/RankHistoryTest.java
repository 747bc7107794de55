package dev.kvasir.lab.study.trace;

import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.option.Groups;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RankHistoryTest {

    @Test
    void ranksFollowTheQuery() {
        // pages of 4 equal keys: e0, e1, e2, and the page that grows
        float[][] keys = new float[16][];
        for (int t = 0; t < 16; t++) {
            keys[t] = new float[]{t / 4 == 0 ? 1 : 0, t / 4 == 1 ? 1 : 0, t / 4 == 2 ? 1 : 0};
        }
        var trace = Traces.of(keys, new float[]{1, 0, 0}, new float[]{3, 2, 1}, new float[]{1, 2, 3},
                new float[]{3, 1, 2}, new float[]{3, 2, 1});
        var scope = new RankingScope(4, Groups.LAYER, HeadAggregation.MEAN, 0, 1, KvType.F32);

        var history = RankHistory.of(trace, 0, 0, scope);

        assertThat(history.ranks()).isDeepEqualTo(
                new int[][]{{0, 1, 2}, {2, 1, 0}, {0, 2, 1}, {0, 1, 2}});
        assertThat(history.of(2)).containsExactly(2, 0, 1, 2);
        assertThat(history.replaced(1)).isCloseTo(2.0 / 3, within(1e-9)); // 0 -> 2 -> 0 -> 0
        assertThat(history.everChosen(1)).isEqualTo(2);
        assertThat(history.everChosen(2)).isEqualTo(3);
        assertThat(history.returned(1, 2)).isEqualTo(1); // page 0; page 2 was last before it was first
        assertThat(history.liveliest(1, 5)).containsExactly(0, 2);
        assertThat(history.liveliest(1, 1)).containsExactly(0);
    }

    @Test
    void pagesThatOpenLaterHaveNoRankBefore() {
        float[][] keys = new float[14][1];
        float[][] queries = new float[8][];
        for (int i = 0; i < 14; i++) {
            keys[i][0] = i;
        }
        for (int i = 0; i < 8; i++) {
            queries[i] = new float[]{1};
        }
        var scope = new RankingScope(4, Groups.LAYER, HeadAggregation.MEAN, 1, 1, KvType.F32);
        var history = RankHistory.of(Traces.of(keys, queries), 0, 0, scope);
        // prompt of 7, steps at positions 7..13: page 1 is ranked from position 8 on, page 2 from position 12 on
        assertThat(history.ranks()).isDeepEqualTo(
                new int[][]{{}, {0}, {0}, {0}, {0}, {1, 0}, {1, 0}});
        assertThat(history.of(2)).containsExactly(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }
}
