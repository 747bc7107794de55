package dev.kvasir.runner.report.plot;

import dev.kvasir.runner.report.chart.BarChart;
import dev.kvasir.runner.report.chart.BarChart.Bars;
import dev.kvasir.runner.report.chart.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.CategoryStyler;

/** Groups of bars with whiskers for intervals. */
final class BarPlot {
    private static final double FILL = 0.8;

    private BarPlot() {}

    static CategoryChart of(BarChart data, Palette palette, Frame frame, Words words) {
        Scale y = Scale.of(data.y(), values(data), 6);
        CategoryChart chart = new CategoryChart(frame.width(), frame.height(), Style.THEME);
        CategoryStyler styler = chart.getStyler();
        Style.apply(styler, frame);
        chart.setYAxisTitle(words.say(data.y().text(), Words.Anchor.MIDDLE));
        Groups.label(chart, data.across(), data.groups(), frame, words);
        styler.setAvailableSpaceFill(FILL)
                .setYAxisMin(Math.min(0, y.low()))
                .setYAxisMax(y.high())
                .setYAxisTickMarkSpacingHint(y.spacingHint(frame.plotHeight()))
                .setYAxisTickLabelsFormattingFunction(place -> words.say(y.label(place), Words.Anchor.MIDDLE));
        List<String> groups = Groups.names(data.groups(), words);
        List<Whiskers.Column> columns = new ArrayList<>();
        for (int i = 0; i < data.series().size(); i++) {
            Bars bars = data.series().get(i);
            List<Double> places = bars.values().stream().map(value -> finite(y.place(value.value()))).toList();
            chart.addSeries("bars " + i, groups, places)
                    .setLabel(words.say(bars.name(), Words.Anchor.START))
                    .setFillColor(palette.tint(bars.name()).color());
            columns.add(new Whiskers.Column(
                    bars.values().stream().mapToDouble(value -> interval(value, y.place(value.low()))).toArray(),
                    bars.values().stream().mapToDouble(value -> interval(value, y.place(value.high()))).toArray()));
        }
        chart.getStyler().setLegendVisible(data.series().size() > 1);
        chart.addAnnotation(new Whiskers(columns, FILL));
        return chart;
    }

    private static double interval(Estimate value, double end) {
        return value.hasInterval() && Double.isFinite(value.value()) ? end : Double.NaN;
    }

    /** XChart's bar for nothing is one without height. */
    private static double finite(double place) {
        return Double.isFinite(place) ? place : 0;
    }

    private static double[] values(BarChart data) {
        return DoubleStream.concat(DoubleStream.of(0),
                data.series()
                        .stream()
                        .flatMap(bars -> bars.values().stream())
                        .flatMapToDouble(value -> DoubleStream.of(value.value(), value.high())))
                .toArray();
    }
}
