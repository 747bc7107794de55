package dev.kvasir.report.plot;

import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.LineChart.Kind;
import dev.kvasir.report.chart.LineChart.Line;
import dev.kvasir.report.chart.LineChart.Point;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line charts with whiskers for intervals. */
final class LinePlot {
    private static final BasicStroke WHISKER = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    /** A line with more points has no markers, because they would hide it. */
    private static final int MOST_MARKERS = 48;
    private static final int FEW_POINTS = 8;

    private LinePlot() {}

    static XYChart of(LineChart data, Palette palette, PlotArea area, PlotText words) {
        Scale x = Scale.of(data.x(), values(data, false), area.narrow() ? 4 : 9);
        Scale y = Scale.of(data.y(), values(data, true), 6);
        int names = LineNames.room(data, x, area);
        XYChart chart = new XYChart(area.width() - names, area.height(), Style.THEME);
        Style.apply(chart.getStyler(), area);
        chart.getStyler().setLegendVisible(names == 0);
        chart.setXAxisTitle(words.add(data.x().text(), PlotText.Anchor.MIDDLE));
        chart.setYAxisTitle(words.add(data.y().text(), PlotText.Anchor.MIDDLE));
        chart.getStyler()
                .setXAxisMin(x.low())
                .setXAxisMax(x.high())
                .setYAxisMin(y.low())
                .setYAxisMax(y.high())
                .setXAxisTickMarkSpacingHint(x.spacingHint(
                        names > 0 ? area.width() - names - 70 : area.width() * (area.narrow() ? 0.8 : 0.68)))
                .setYAxisTickMarkSpacingHint(y.spacingHint(area.plot()))
                .setXAxisTickLabelsFormattingFunction(place -> words.add(x.label(place), PlotText.Anchor.MIDDLE))
                .setYAxisTickLabelsFormattingFunction(place -> words.add(y.label(place), PlotText.Anchor.MIDDLE));
        // XChart puts ticks at the values if those are evenly spaced; NaN prevents it.
        hidden(chart.addSeries("spacing", new double[]{x.low(), x.high()}, new double[]{Double.NaN, Double.NaN}));
        double[] aside = aside(data, x, area);
        for (int i = 0; i < data.lines().size(); i++) {
            whiskers(chart, data.lines().get(i), i, palette, x, y, aside[i]);
        }
        int references = 0;
        List<LineNames.End> ends = new ArrayList<>();
        for (int i = 0; i < data.lines().size(); i++) {
            Line line = data.lines().get(i);
            double[][] places = places(line.points(), x, y, aside[i]);
            if (places[0].length == 0) {
                continue;
            }
            XYSeries series = chart.addSeries("line " + i, places[0], places[1]);
            series.setLabel(words.add(line.name(), PlotText.Anchor.START));
            boolean reference = line.kind() == Kind.REFERENCE;
            boolean dense = places[0].length > (area.narrow() ? MOST_MARKERS / 2 : MOST_MARKERS);
            Tint tint = reference ? Tint.MUTED : palette.tint(line.name());
            BasicStroke stroke = reference ? Palette.reference(references++) : palette.look(line.name()).stroke();
            List<Marker> marker = reference || dense ? List.of() : List.of(palette.look(line.name()).marker());
            series.setMarkerColor(tint.color())
                    .setMarker(marker.isEmpty() ? SeriesMarkers.NONE : marker.getFirst())
                    .setLineColor(tint.color())
                    .setLineStyle(places[0].length > 2 * MOST_MARKERS ? Palette.thin(stroke) : stroke);
            ends.add(end(series.getLabel(), places, tint, stroke, marker));
        }
        if (names > 0) {
            chart.addAnnotation(new LineNames(ends, x, y));
        }
        return chart;
    }

    /** The sideways shift of each line with few points, so that one interval does not hide the others. */
    private static double[] aside(LineChart data, Scale x, PlotArea area) {
        double[] aside = new double[data.lines().size()];
        List<Line> measured = data.lines().stream().filter(line -> line.kind() == Kind.MEASURED).toList();
        boolean fewPoints = measured.stream().allMatch(line -> line.points().size() <= FEW_POINTS);
        if (fewPoints && measured.stream().flatMap(line -> line.points().stream()).anyMatch(p -> p.y().hasInterval())) {
            double pixels = Math.min(5, (area.narrow() ? 24.0 : 42.0) / measured.size());
            double step = pixels * (x.high() - x.low()) / (0.7 * area.width());
            for (int i = 0; i < aside.length; i++) {
                int place = measured.indexOf(data.lines().get(i));
                aside[i] = place < 0 ? 0 : step * (place - (measured.size() - 1) / 2.0);
            }
        }
        return aside;
    }

    private static LineNames.End end(String name, double[][] places, Tint tint, BasicStroke stroke,
            List<Marker> marker) {
        int last = places[0].length - 1;
        while (last > 0 && Double.isNaN(places[1][last])) {
            last--;
        }
        return new LineNames.End(name, places[0][last], places[1][last], tint, stroke, marker);
    }

    private static void whiskers(XYChart chart, Line line, int index, Palette palette, Scale x, Scale y,
            double aside) {
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
            Arrays.fill(across, 3 * i, 3 * i + 3, x.place(points.get(i).x()) + aside);
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
    private static double[][] places(List<Point> points, Scale x, Scale y, double aside) {
        List<Point> shown = points.stream().filter(point -> x.holds(x.place(point.x()))).toList();
        return new double[][]{shown.stream().mapToDouble(point -> x.place(point.x()) + aside).toArray(),
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
