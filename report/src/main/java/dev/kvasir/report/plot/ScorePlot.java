package dev.kvasir.report.plot;

import dev.kvasir.report.chart.Axis;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The scores q.k of all keys of some pages, side by side, with a digest's estimate for each page.
 *
 * @param title     heading
 * @param pages     names of the pages
 * @param keys      [page][key] q.k
 * @param estimates [page] the estimate of the highest of them
 * @param low       start of the axis
 * @param high      end of the axis
 */
public record ScorePlot(String title, List<String> pages, double[][] keys, double[] estimates, double low,
        double high) {
    /** The plot in an area. A page with its own heading asks for a plot without title. */
    public Painting painting(PlotArea area, boolean titled) {
        PlotArea fitted = area.withLegend(3, 18);
        return new Painting(fitted, titled ? title : "", (g, words) -> {
            XYChart chart = chart(fitted, words);
            if (titled) {
                chart.setTitle(words.add(title, PlotText.Anchor.MIDDLE));
            }
            chart.getStyler().setChartTitleVisible(titled);
            chart.paint(g, fitted.width(), fitted.height());
        });
    }

    private XYChart chart(PlotArea area, PlotText words) {
        Scale y = Scale.of(Axis.of("score q·k", "").within(low, high), new double[]{low, high}, 6);
        int last = pages.size() - 1;
        int every = area.narrow() ? Math.max(1, (int) Math.ceil(pages.size() / 7.0)) : 1;
        XYChart chart = new XYChart(area.width(), area.height(), Style.THEME);
        Style.apply(chart.getStyler(), area);
        chart.setXAxisTitle(words.add("page, the best on the left", PlotText.Anchor.MIDDLE));
        chart.setYAxisTitle(words.add("score q·k", PlotText.Anchor.MIDDLE));
        chart.getStyler()
                .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setXAxisMin(-0.5)
                .setXAxisMax(last + 0.5)
                .setYAxisMin(y.low())
                .setYAxisMax(y.high())
                .setXAxisTickMarkSpacingHint(new Scale(Scale.Form.LINEAR, -0.5, last + 0.5, every)
                        .spacingHint(area.width() * (area.narrow() ? 0.8 : 0.68)))
                .setYAxisTickMarkSpacingHint(y.spacingHint(area.plot()))
                .setXAxisTickLabelsFormattingFunction(place -> words.add(page(place), PlotText.Anchor.MIDDLE))
                .setYAxisTickLabelsFormattingFunction(place -> words.add(y.label(place), PlotText.Anchor.MIDDLE));
        UnaryOperator<String> label = name -> words.add(name, PlotText.Anchor.START);
        XYSeries spacing = chart.addSeries("spacing", new double[]{-0.5, last + 0.5},
                new double[]{Double.NaN, Double.NaN});
        spacing.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        double[] across = IntStream.range(0, keys.length)
                .boxed()
                .flatMapToDouble(page -> DoubleStream.generate(() -> page).limit(keys[page].length))
                .toArray();
        add(chart, label.apply("a key"), across, Arrays.stream(keys).flatMapToDouble(Arrays::stream).toArray(),
                SeriesMarkers.CIRCLE, Tint.GREY.color());
        double[] each = IntStream.rangeClosed(0, last).asDoubleStream().toArray();
        add(chart, label.apply("highest key"), each,
                Arrays.stream(keys).mapToDouble(page -> Arrays.stream(page).max().orElse(Double.NaN)).toArray(),
                SeriesMarkers.CIRCLE, Tint.INK.color());
        add(chart, label.apply("estimate"), each, estimates, SeriesMarkers.DIAMOND, Tint.VERMILLION.color());
        return chart;
    }

    private String page(double place) {
        int page = (int) Math.rint(place);
        boolean there = Math.abs(place - page) < 1e-6 && page >= 0 && page < pages.size();
        // XChart draws no ticks if both ends of the axis are equal.
        return there ? pages.get(page) : place < 0 ? " " : "  ";
    }

    private static void add(XYChart chart, String name, double[] x, double[] y, Marker marker, Color color) {
        chart.addSeries(name, x, y).setMarker(marker).setMarkerColor(color);
    }
}
