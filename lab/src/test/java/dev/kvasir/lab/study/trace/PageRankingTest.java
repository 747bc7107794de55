package dev.kvasir.lab.study.trace;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PageRankingTest {

    @Test
    void bestComeFirstAndOfEqualsTheLowerPage() {
        double[] values = {9, 1, 5, 5, Double.NaN, 7};
        var ranking = PageRanking.of(1, 6, page -> values[page]);
        assertThat(ranking.order()).containsExactly(5, 2, 3, 1, 4);
        assertThat(ranking.ranks()).containsExactly(3, 1, 2, 4, 0);
        assertThat(ranking.end()).isEqualTo(6);
    }

    @Test
    void overlapCountsPagesThatBothHaveAmongTheirFirst() {
        var one = new PageRanking(0, new int[]{0, 1, 2, 3});
        var other = new PageRanking(0, new int[]{1, 3, 0, 2});
        // k=1: {0} {1}; k=2: {0,1} {1,3}; k=3: {0,1,2} {1,3,0}; k=4: all
        assertThat(one.overlap(other, 6)).containsExactly(0, 0.5, 2.0 / 3, 1, 1, 1);
        assertThat(other.overlap(one, 2)).containsExactly(0, 0.5);
        assertThat(one.overlap(one, 3)).containsExactly(1, 1, 1);
    }

    @Test
    void anEmptyRangeRanksNothing() {
        var none = PageRanking.of(3, 2, page -> 0);
        assertThat(none.size()).isZero();
        assertThat(none.overlap(none, 2)).containsExactly(1, 1);
    }
}
