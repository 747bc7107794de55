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
 * The scores q.k of all keys of some pages, side by side, with what a digest estimates for each page.
 *
 * @param title     what is shown
 * @param pages     names of the pages
 * @param keys      [page][key] q.k
 * @param estimates [page] the estimate of the highest of them
 * @param low       where the axis starts
 * @param high      where the axis ends
 */
public record ScorePlot(String title, List<String> pages, double[][] keys, double[] estimates, double low,
        double high) {
    /** The plot in a frame, with its title or, for a page that has it as a heading, without. */
    public Painting painting(PlotArea frame, boolean titled) {
        PlotArea fitted = frame.withLegend(3, 18);
        return new Painting(fitted, titled ? title : "", (g, words) -> {
            XYChart chart = chart(fitted, words);
            if (titled) {
                chart.setTitle(words.say(title, Words.Anchor.MIDDLE));
            }
            chart.getStyler().setChartTitleVisible(titled);
            chart.paint(g, fitted.width(), fitted.height());
        });
    }

    private XYChart chart(PlotArea frame, Words words) {
        Scale y = Scale.of(Axis.of("score q·k", "").within(low, high), new double[]{low, high}, 6);
        int last = pages.size() - 1;
        int every = frame.narrow() ? Math.max(1, (int) Math.ceil(pages.size() / 7.0)) : 1;
        XYChart chart = new XYChart(frame.width(), frame.height(), Style.THEME);
        Style.apply(chart.getStyler(), frame);
        chart.setXAxisTitle(words.say("page, the best on the left", Words.Anchor.MIDDLE));
        chart.setYAxisTitle(words.say("score q·k", Words.Anchor.MIDDLE));
        chart.getStyler()
                .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setXAxisMin(-0.5)
                .setXAxisMax(last + 0.5)
                .setYAxisMin(y.low())
                .setYAxisMax(y.high())
                .setXAxisTickMarkSpacingHint(new Scale(Scale.Form.LINEAR, -0.5, last + 0.5, every)
                        .spacingHint(frame.width() * (frame.narrow() ? 0.8 : 0.68)))
                .setYAxisTickMarkSpacingHint(y.spacingHint(frame.plot()))
                .setXAxisTickLabelsFormattingFunction(place -> words.say(page(place), Words.Anchor.MIDDLE))
                .setYAxisTickLabelsFormattingFunction(place -> words.say(y.label(place), Words.Anchor.MIDDLE));
        UnaryOperator<String> label = name -> words.say(name, Words.Anchor.START);
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
        // Both ends of the axis must differ, or XChart draws no ticks.
        return there ? pages.get(page) : place < 0 ? " " : "  ";
    }

    private static void add(XYChart chart, String name, double[] x, double[] y, Marker marker, Color color) {
        chart.addSeries(name, x, y).setMarker(marker).setMarkerColor(color);
    }
}
