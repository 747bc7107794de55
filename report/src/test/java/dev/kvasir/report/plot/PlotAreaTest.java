package dev.kvasir.report.plot;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlotAreaTest {
    @Test
    void aPlotIsHighEnoughForTheTitleOfItsAxis() {
        PlotArea narrow = PlotArea.NARROW;
        assertThat(narrow.withAxis("accuracy (%)")).isEqualTo(narrow);

        PlotArea higher = narrow.withAxis("Kullback-Leibler divergence from full attention (nats)");
        assertThat(higher.plot()).isBetween(250, 450);
        assertThat(higher.height() - narrow.height()).isEqualTo(higher.plot() - narrow.plot());
        assertThat(higher.width()).isEqualTo(narrow.width());
    }
}
