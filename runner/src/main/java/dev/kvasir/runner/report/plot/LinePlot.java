package dev.kvasir.runner.report.plot;

import dev.kvasir.runner.report.chart.LineChart;
import dev.kvasir.runner.report.chart.LineChart.Kind;
import dev.kvasir.runner.report.chart.LineChart.Line;
import dev.kvasir.runner.report.chart.LineChart.Point;
import java.awt.BasicStroke;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line charts with whiskers for intervals. */
final class LinePlot {
    private static final BasicStroke WHISKER = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    /** With more points than this, markers would hide the line. */
    private static final int MOST_MARKERS = 48;

    private LinePlot() {}

    static XYChart of(LineChart data, Palette palette, Frame frame, Words words) {
        Scale x = Scale.of(data.x(), values(data, false), frame.narrow() ? 4 : 9);
        Scale y = Scale.of(data.y(), values(data, true), 6);
        XYChart chart = new XYChart(frame.width(), frame.height(), Style.THEME);
        Style.apply(chart.getStyler(), frame);
        chart.setXAxisTitle(words.say(data.x().text(), Words.Anchor.MIDDLE));
        chart.setYAxisTitle(words.say(data.y().text(), Words.Anchor.MIDDLE));
        chart.getStyler()
                .setXAxisMin(x.low())
                .setXAxisMax(x.high())
                .setYAxisMin(y.low())
                .setYAxisMax(y.high())
                .setXAxisTickMarkSpacingHint(x.spacingHint(frame.width() * (frame.narrow() ? 0.8 : 0.68)))
                .setYAxisTickMarkSpacingHint(y.spacingHint(frame.plotHeight()))
                .setXAxisTickLabelsFormattingFunction(place -> words.say(x.label(place), Words.Anchor.MIDDLE))
                .setYAxisTickLabelsFormattingFunction(place -> words.say(y.label(place), Words.Anchor.MIDDLE));
        // XChart would put ticks where values are, if those happen to be evenly spaced; NaN keeps it from that.
        hidden(chart.addSeries("spacing", new double[]{x.low(), x.high()}, new double[]{Double.NaN, Double.NaN}));
        for (int i = 0; i < data.lines().size(); i++) {
            whiskers(chart, data.lines().get(i), i, palette, x, y);
        }
        int references = 0;
        for (int i = 0; i < data.lines().size(); i++) {
            Line line = data.lines().get(i);
            double[][] places = places(line.points(), x, y);
            if (places[0].length == 0) {
                continue;
            }
            XYSeries series = chart.addSeries("line " + i, places[0], places[1]);
            series.setLabel(words.say(line.name(), Words.Anchor.START));
            if (line.kind() == Kind.REFERENCE) {
                series.setMarker(SeriesMarkers.NONE)
                        .setLineColor(Tint.MUTED.color())
                        .setLineStyle(Palette.reference(references++));
            } else {
                Palette.Look look = palette.look(line.name());
                boolean dense = places[0].length > (frame.narrow() ? MOST_MARKERS / 2 : MOST_MARKERS);
                series.setMarkerColor(look.tint().color())
                        .setMarker(dense ? SeriesMarkers.NONE : look.marker())
                        .setLineColor(look.tint().color())
                        .setLineStyle(
                                places[0].length > 2 * MOST_MARKERS ? Palette.thin(look.stroke()) : look.stroke());
            }
        }
        return chart;
    }

    private static void whiskers(XYChart chart, Line line, int index, Palette palette, Scale x, Scale y) {
        List<Point> points = line.points()
                .stream()
                .filter(point -> point.y().hasInterval() && Double.isFinite(x.place(point.x()))
                        && Double.isFinite(point.y().value()))
                .toList();
        if (points.isEmpty()) {
            return;
        }
        double[] across = new double[3 * points.size()];
        double[] up = new double[3 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            Arrays.fill(across, 3 * i, 3 * i + 3, x.place(points.get(i).x()));
            up[3 * i] = y.place(points.get(i).y().low());
            up[3 * i + 1] = y.place(points.get(i).y().high());
            up[3 * i + 2] = Double.NaN;
        }
        XYSeries series = chart.addSeries("whiskers " + index, across, up);
        Tint tint = line.kind() == Kind.REFERENCE ? Tint.MUTED : palette.tint(line.name());
        hidden(series);
        series.setLineColor(tint.color()).setLineStyle(WHISKER);
    }

    private static void hidden(XYSeries series) {
        series.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    }

    /** [x, y][point]; NaN in y leaves a gap. */
    private static double[][] places(List<Point> points, Scale x, Scale y) {
        List<Point> shown = points.stream().filter(point -> x.holds(x.place(point.x()))).toList();
        return new double[][]{shown.stream().mapToDouble(point -> x.place(point.x())).toArray(),
            shown.stream().mapToDouble(point -> y.place(point.y().value())).toArray()};
    }

    private static double[] values(LineChart data, boolean up) {
        return data.lines()
                .stream()
                .flatMap(line -> line.points().stream())
                .flatMapToDouble(point -> up
                        ? Arrays.stream(new double[]{point.y().value(), point.y().low(), point.y().high()})
                        : Arrays.stream(new double[]{point.x()}))
                .toArray();
    }
}
