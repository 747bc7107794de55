package dev.kvasir.runner.command;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.run.GridRunner.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimeForecastTest {
    private static final Progress HIDDEN = new Progress() {
        @Override
        public void step(String cell, boolean wasThere) {}

        @Override
        public void close() {}
    };

    private final List<String> said = new ArrayList<>();
    private long now = 7_000_000_000L;

    private static List<Cell> cells(int short100, int long200) {
        return Stream.concat(Stream.generate(() -> cell("100")).limit(short100),
                Stream.generate(() -> cell("200")).limit(long200)).toList();
    }

    private static Cell cell(String length) {
        return new Cell(Map.of("length", length), Optional.empty(), 1);
    }

    private TimeForecast forecast(List<Cell> cells) {
        return new TimeForecast(HIDDEN, cells, () -> now, said::add);
    }

    private void measure(TimeForecast forecast, double seconds) {
        now += (long) (seconds * 1e9);
        forecast.step("cell", false);
    }

    @Test
    void theTimeIsInProportionToTheLengthsAndLeavesTheFirstCellOut() {
        var forecast = forecast(cells(4, 96));
        measure(forecast, 5);
        measure(forecast, 2);
        assertThat(said).isEmpty();
        measure(forecast, 2);
        measure(forecast, 2);

        // 9 s so far, one cell of 2 s and 96 of 4 s to come: 395 s
        assertThat(said).containsExactly("about 7 minutes for 100 cells");
    }

    @Test
    void cellsOfAnEarlierStartDoNotCount() {
        var forecast = forecast(cells(10, 0));
        for (int i = 0; i < 5; i++) {
            forecast.step("cell", true);
        }
        measure(forecast, 3);
        measure(forecast, 3);
        measure(forecast, 3);

        assertThat(said).containsExactly("about 15 seconds for 5 cells");
    }

    @Test
    void aLongFirstCellIsEnough() {
        var forecast = forecast(cells(1000, 0));
        measure(forecast, 60);

        assertThat(said).containsExactly("about 16.7 hours for 1000 cells");
    }

    @Test
    void aFewSecondsNeedNoForecast() {
        var forecast = forecast(cells(5, 0));
        measure(forecast, 9);
        measure(forecast, 2);
        measure(forecast, 2);

        assertThat(said).isEmpty();
    }

    @Test
    void nothingIsSaidAtTheEnd() {
        var forecast = forecast(cells(3, 0));
        measure(forecast, 9);
        measure(forecast, 9);
        measure(forecast, 9);

        assertThat(said).isEmpty();
    }
}
