package dev.kvasir.report.plot;

import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.BarChart.Bars;
import dev.kvasir.report.chart.Estimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.CategoryStyler;

/** Groups of bars with whiskers for intervals. */
final class BarPlot {
    private static final double FILL = 0.8;

    private BarPlot() {}

    /** The names below the bars: those of the groups, or those of the series if there is only one group. */
    static List<String> names(BarChart data) {
        return isOneGroup(data) ? data.series().stream().map(Bars::name).toList() : data.groups();
    }

    /** The number of entries in the legend. */
    static int legend(BarChart data) {
        return isOneGroup(data) || data.series().size() == 1 ? 0 : data.series().size();
    }

    private static boolean isOneGroup(BarChart data) {
        return data.groups().size() == 1 && data.series().size() > 1;
    }

    static CategoryChart of(BarChart data, Palette palette, PlotArea area, PlotText words) {
        Scale y = Scale.of(data.y(), values(data), 6);
        // so many positions that a difference of one is invisible; a power of ten, so that round ticks stay round
        double scale = Math.pow(10, 6 - Math.floor(Math.log10(y.high() - Math.min(0, y.low()))));
        CategoryChart chart = new CategoryChart(area.width(), area.height(), Style.THEME);
        CategoryStyler styler = chart.getStyler();
        Style.apply(styler, area);
        chart.setYAxisTitle(words.add(data.y().text(), PlotText.Anchor.MIDDLE));
        String across = isOneGroup(data) ? data.across() + ": " + data.groups().getFirst() : data.across();
        BarGroups.label(chart, across, names(data), BarGroups.room(area, legend(data) > 0), words);
        styler.setAvailableSpaceFill(FILL)
                .setOverlapped(legend(data) == 0)
                .setYAxisMin(scale * Math.min(0, y.low()))
                .setYAxisMax(scale * y.high())
                .setYAxisTickMarkSpacingHint(y.spacingHint(area.plot()))
                .setYAxisTickLabelsFormattingFunction(
                        place -> words.add(y.label(place / scale), PlotText.Anchor.MIDDLE));
        styler.setLegendVisible(legend(data) > 0);
        List<String> names = BarGroups.names(names(data), words);
        List<Whiskers.Column> columns = new ArrayList<>();
        for (int i = 0; i < data.series().size(); i++) {
            Bars bars = data.series().get(i);
            List<Double> places = new ArrayList<>(Collections.nCopies(isOneGroup(data) ? i : 0, Double.NaN));
            for (Estimate value : bars.values()) {
                // XChart puts ticks at the values if those are evenly spaced; these small amounts prevent it
                places.add(scale * finite(y.place(value.value())) + 1e-3 * i * i);
            }
            while (places.size() < names.size()) {
                places.add(Double.NaN);
            }
            chart.addSeries("bars " + i, names, places)
                    .setLabel(words.add(bars.name(), PlotText.Anchor.START))
                    .setFillColor(palette.tint(bars.name()).color());
            columns.add(new Whiskers.Column(
                    bars.values()
                            .stream()
                            .mapToDouble(value -> scale * interval(value, y.place(value.low())))
                            .toArray(),
                    bars.values()
                            .stream()
                            .mapToDouble(value -> scale * interval(value, y.place(value.high())))
                            .toArray()));
        }
        if (legend(data) == 0) {
            uneven(chart, names);
        }
        chart.addAnnotation(new Whiskers(isOneGroup(data) ? List.of(Whiskers.Column.of(columns)) : columns, FILL));
        return chart;
    }

    /** Adds invisible series, so that the values are never evenly spaced, not even two or three of them. */
    static void uneven(CategoryChart chart, List<String> names) {
        for (int i = 1; i <= 3; i++) {
            chart.addSeries("spacing " + i, names, Collections.nCopies(names.size(), 1e9 * i * i))
                    .setEnabled(false)
                    .setShowInLegend(false);
        }
    }

    private static double interval(Estimate value, double end) {
        return value.hasInterval() && Double.isFinite(value.value()) ? end : Double.NaN;
    }

    /** XChart draws a missing value as a bar without height. */
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
