package dev.kvasir.lab.statistics;

import dev.kvasir.report.chart.Estimate;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class IntervalsTest {
    @Test
    void sharesHaveWilsonsInterval() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29
        assertInterval(Intervals.share(81, 263), 0.3080, 0.2553, 0.3662);
        assertInterval(Intervals.share(15, 148), 0.1014, 0.0624, 0.1605);
        assertInterval(Intervals.share(0, 20), 0.0000, 0.0000, 0.1611);
        assertInterval(Intervals.share(1, 29), 0.0345, 0.0061, 0.1718);
    }

    @Test
    void differencesOfPairedSharesHaveNewcombesInterval() {
        // Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014): 2 and 8 of the same 21 children
        assertThat(Intervals.shareDifference(1, 1, 7, 12)).satisfies(estimate -> {
            assertThat(estimate.value()).isEqualTo(-0.2857, within(5e-5));
            assertThat(estimate.low()).isEqualTo(-0.507, within(5e-4));
            assertThat(estimate.high()).isEqualTo(-0.026, within(5e-4));
        });
        assertThat(Intervals.shareDifference(2, 1, 1, 0)).isEqualTo(Estimate.of(0, 4));
    }

    private static void assertInterval(Estimate estimate, double value, double low, double high) {
        assertThat(estimate.value()).isEqualTo(value, within(5e-5));
        assertThat(estimate.low()).isEqualTo(low, within(5e-5));
        assertThat(estimate.high()).isEqualTo(high, within(5e-5));
    }

    @Test
    void aBootstrapIntervalIsThatOfTheNormalDistributionForManyMeasurements() {
        SplittableRandom random = new SplittableRandom(7);
        double[] measured = random.doubles(400).toArray();
        double mean = Arrays.stream(measured).average().orElseThrow();
        double variance = Arrays.stream(measured).map(x -> (x - mean) * (x - mean)).sum() / measured.length;
        double half = 1.96 * Math.sqrt(variance / measured.length);

        Estimate estimate = Intervals.mean(measured);

        assertThat(estimate.value()).isEqualTo(mean, within(1e-12));
        assertThat(estimate.low()).isEqualTo(mean - half, within(0.003));
        assertThat(estimate.high()).isEqualTo(mean + half, within(0.003));
    }

    @Test
    void equalMeasurementsGetEqualIntervals() {
        assertThat(Intervals.mean(1, 5, 2, 8, 4)).isEqualTo(Intervals.mean(1, 5, 2, 8, 4));
        assertThat(Intervals.mean(3, 3, 3, 3, 3)).isEqualTo(new Estimate(3, 3, 3, 5));
    }

    @Test
    void fewerThanFiveMeasurementsHaveNoIntervalButTheirNumber() {
        assertThat(Intervals.mean(4)).isEqualTo(Estimate.of(4, 1));
        assertThat(Intervals.rounded(Intervals.mean(1, 2), 1)).isEqualTo("1.5 (n = 2)");
        assertThat(Intervals.rounded(Intervals.mean(1, 2, 3, 4), 1)).isEqualTo("2.5 (n = 4)");
        assertThat(Intervals.mean(1, 2, 3, 4, 5).hasInterval()).isTrue();
        assertThat(Intervals.percent(Intervals.share(2, 4))).isEqualTo("50 % (n = 4)");
        assertThat(Intervals.mean()).isEqualTo(Estimate.MISSING);
        assertThat(Intervals.share(0, 0)).isEqualTo(Estimate.MISSING);
    }

    @Test
    void estimatesAreWrittenWithTheirIntervals() {
        assertThat(Intervals.percent(Intervals.share(19, 20))).isEqualTo("95 % (76–99)");
        assertThat(Intervals.percent(Estimate.MISSING)).isEmpty();
        assertThat(Intervals.rounded(new Estimate(27.306, 26.9, 27.701), 2)).isEqualTo("27.31 (26.90–27.70)");
        assertThat(Intervals.rounded(Estimate.of(2), 1)).isEqualTo("2.0");
    }

    @Test
    void anIntervalFromBelowZeroHasNoDashBesideItsSign() {
        assertThat(Intervals.rounded(new Estimate(-0.5, -1.25, 0.25), 1)).isEqualTo("-0.5 (-1.3 to 0.3)");
        assertThat(Intervals.rounded(new Estimate(0.5, 0.25, 0.75), 2)).isEqualTo("0.50 (0.25–0.75)");
    }
}
