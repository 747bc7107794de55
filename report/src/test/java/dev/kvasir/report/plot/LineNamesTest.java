package dev.kvasir.report.plot;

import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.LineChart.Line;
import dev.kvasir.report.chart.LineChart.Point;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LineNamesTest {
    @Test
    void leavesNamesThatHaveRoomWhereTheirLinesEnd() {
        assertThat(LineNames.spread(new double[]{20, 40, 90}, 16, 0, 100)).containsExactly(20, 40, 90);
    }

    @Test
    void movesNamesOfOnePlaceApartAroundIt() {
        assertThat(LineNames.spread(new double[]{50, 50, 50}, 10, 0, 100)).containsExactly(40, 50, 60);
    }

    @Test
    void keepsNamesInsideThePlot() {
        assertThat(LineNames.spread(new double[]{5, 5, 99, 99}, 10, 5, 95)).containsExactly(5, 15, 85, 95);
    }

    @Test
    void putsNamesBesideEndsOnlyWhereAllLinesEndThere() {
        Line whole = line("whole", 1, 10);
        assertThat(room(PlotArea.WIDE, whole, line("another", 3, 10))).isPositive();
        assertThat(room(PlotArea.WIDE, whole, line("ends early", 1, 5))).isZero();
        assertThat(room(PlotArea.WIDE, whole, line("a name too long to stand beside anything ".repeat(3), 1, 10)))
                .isZero();
        assertThat(room(PlotArea.NARROW, whole, line("another", 3, 10))).isZero();
    }

    @Test
    void writesEachNameOnceInAPlot() {
        LineChart chart = chart(line("policy-a", 1, 10), line("policy-b", 1, 10));
        for (PlotArea area : List.of(PlotArea.WIDE, PlotArea.NARROW)) {
            String svg = new Plot(chart, new Palette(List.of(List.of("policy-a", "policy-b")))).svg(area);
            assertThat(svg).containsOnlyOnce(">policy-a<").containsOnlyOnce(">policy-b<");
        }
    }

    @Test
    void putsANameWhereItsLineEnds() {
        LineChart chart = new LineChart("t", "", Axis.log("budget", "tokens"), Axis.share("found"), List.of(
                Line.measured("high", List.of(Point.of(512, 0.9), Point.of(1024, 0.9))),
                Line.measured("low", List.of(Point.of(512, 0.1), Point.of(1024, 0.1)))));

        String svg = new Plot(chart, new Palette(List.of(List.of("high", "low")))).svg(PlotArea.WIDE);

        assertThat(height(svg, "low") - height(svg, "high")).as("80 % of the plot").isBetween(220.0, 290.0);
    }

    private static double height(String svg, String name) {
        Matcher matcher = Pattern.compile("translate\\([0-9.]+,([0-9.]+)\\)[^<]*(?:<text[^>]*>)?" + name + "<")
                .matcher(svg);
        assertThat(matcher.find()).as(name).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static int room(PlotArea area, Line... lines) {
        LineChart chart = chart(lines);
        return LineNames.room(chart, Scale.of(chart.x(), new double[]{1, 10}, 6), area);
    }

    private static LineChart chart(Line... lines) {
        return new LineChart("t", "", Axis.of("k", "pages"), Axis.share("found"), List.of(lines));
    }

    private static Line line(String name, double first, double last) {
        return Line.measured(name, List.of(Point.of(first, 0.5), Point.of(last, 0.7)));
    }
}
