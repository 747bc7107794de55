package dev.kvasir.lab.statistics;

import java.util.Arrays;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MannWhitneyTest {
    @Test
    void countsThePairsInWhichTheFirstIsLarger() {
        MannWhitney test = MannWhitney.of(new double[]{1, 4, 6}, new double[]{2, 3, 4, 5});

        // 4 > 2, 3 and half of 4 = 4; 6 > all four
        assertThat(test.u()).isEqualTo(6.5);
    }

    @Test
    void agreesWithCommonsMathWhereNothingIsTied() {
        double[] a = {19, 22, 16, 29, 24, 31, 38, 11};
        double[] b = {20, 13, 17, 12, 9, 8, 15, 3, 27};
        MannWhitney test = MannWhitney.of(a, b);

        assertThat(Math.max(test.u(), a.length * b.length - test.u()))
                .isEqualTo(new MannWhitneyUTest().mannWhitneyU(a, b));
        // Commons Math leaves out the correction for continuity: its p is a little smaller
        assertThat(test.p()).isEqualTo(new MannWhitneyUTest().mannWhitneyUTest(a, b), within(0.006));
    }

    @Test
    void equalsTheWorkedExampleWithoutTies() {
        // SciPy's documentation of mannwhitneyu: males 19 22 16 29 24, females 20 11 17 12; U = 17,
        // p = 0.1113 with the normal approximation and continuity correction
        MannWhitney test = MannWhitney.of(new double[]{19, 22, 16, 29, 24}, new double[]{20, 11, 17, 12});

        assertThat(test.u()).isEqualTo(17);
        assertThat(test.p()).isEqualTo(0.11134688653314041, within(1e-9));
        assertThat(test.isDifference()).isFalse();
        assertThat(test.verdict()).isEqualTo("no difference");
    }

    @Test
    void correctsTheVarianceForTies() {
        // 20 right of 20 against 10 of 20: U = 300, variance 20·20/12·(41 - (30³-30 + 10³-10)/(40·39)) = 769.23,
        // z = 99.5 / 27.735 = 3.5875, p = 0.000334
        double[] all = ones(20, 20);
        double[] half = ones(10, 20);

        assertThat(MannWhitney.of(all, half).p()).isEqualTo(3.34e-4, within(2e-6));
        assertThat(MannWhitney.of(all, half).verdict()).isEqualTo("better");
        assertThat(MannWhitney.of(half, all).verdict()).isEqualTo("worse");
    }

    @Test
    void nothingIsBetterThanItself() {
        assertThat(MannWhitney.of(ones(5, 5), ones(5, 5)).p()).isEqualTo(1);
        assertThat(MannWhitney.of(ones(3, 10), ones(3, 10)).isDifference()).isFalse();
        assertThat(MannWhitney.of(new double[0], ones(1, 1)).isDifference()).isFalse();
    }

    private static double[] ones(int ones, int count) {
        double[] values = new double[count];
        Arrays.fill(values, 0, ones, 1);
        return values;
    }
}
