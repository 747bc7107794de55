package dev.kvasir.lab.compare;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.Estimate;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScoreTest {
    private static final Score SHARE = new Score("score", Axis.share("answers"), Score.Kind.SHARE,
            Score.Better.HIGHER, 0);

    private static Estimate of(double... scores) {
        return SHARE.of(new Results(Arrays.stream(scores)
                .mapToObj(score -> new Result(Map.of(), Map.of("score", score), Map.of()))
                .toList()));
    }

    @Test
    void fewSharesThatAreAllEqualAreNotCertain() {
        assertThat(SHARE.written(of(0, 0, 0, 0, 0))).isEqualTo("0 % (0–43)");
        assertThat(SHARE.written(of(1, 1, 1, 1, 1))).isEqualTo("100 % (57–100)");
        assertThat(SHARE.written(of(1, 0, 1))).isEqualTo("67 % (n = 3)");
    }

    @Test
    void sharesBetweenHaveTheIntervalOfTheirMean() {
        Estimate mean = of(0.25, 0.5, 0.75, 0.5, 0.5);

        assertThat(mean.value()).isEqualTo(0.5);
        assertThat(mean.low()).isBetween(0.25, 0.45);
        assertThat(mean.high()).isBetween(0.55, 0.75);
    }
}
