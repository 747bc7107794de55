package dev.kvasir.kvcache.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LowestImportanceTest {
    // 10 pages, 1 sink, 2 of window; residents 0 2 3 5 6 7 8 9
    private static FakeView view(float[] importance, int... winners) {
        return new FakeView(new PageLimits(8, 1, 2, 3), 10, new int[]{0, 2, 3, 5, 6, 7, 8, 9}, importance, winners);
    }

    private static int[] victims(FakeView view, int count) {
        int[] victims = new int[count];
        LowestImportance.of(view, count, victims);
        return victims;
    }

    @Test
    void theLeastImportantOutsideSinksAndWindowGoFirst() {
        var view = view(new float[]{0, 0, 5, 4, 0, 3, 2, 6, 0});
        assertThat(victims(view, 1)).containsExactly(6);
        assertThat(victims(view, 3)).containsExactly(6, 5, 3);
        assertThat(victims(view, 5)).containsExactly(6, 5, 3, 2, 7);
        assertThat(LowestImportance.of(view)).isEqualTo(6);
    }

    @Test
    void aWinnerNeverGoesNotEvenOnATie() {
        var view = view(new float[]{0, 0, 1, 1, 1, 1, 1, 1, 1}, 2, 4, 5);
        assertThat(victims(view, 3)).containsExactly(3, 6, 7);
        assertThat(LowestImportance.of(view)).isEqualTo(3);
    }

    @Test
    void ofEqualsTheLowerPageGoes() {
        var view = view(new float[]{0, 0, 1, 1, 1, 1, 1, 1, 1});
        assertThat(victims(view, 2)).containsExactly(2, 3);
    }

    @Test
    void moreThanMayLeaveIsAnError() {
        var view = view(new float[]{0, 0, 1, 1, 1, 1, 1, 1, 1}, 2, 3, 5);
        assertThatThrownBy(() -> victims(view, 3)).isInstanceOf(IllegalStateException.class)
                .hasMessage("3 pages are to leave, but only 2 of 8 residents may");
    }
}
