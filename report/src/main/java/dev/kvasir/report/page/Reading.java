package dev.kvasir.report.page;

import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.StackedBars;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Text forms of charts: a sentence and a table. */
public final class Reading {
    private Reading() {}

    /** Whether there is any number to draw. */
    public static boolean isEmpty(Figure figure) {
        return switch (figure) {
            case LineChart chart -> chart.lines()
                    .stream()
                    .flatMap(line -> line.points().stream())
                    .noneMatch(point -> isShown(chart.x(), point.x()) && isShown(chart.y(), point.y().value()));
            case BarChart chart -> chart.series()
                    .stream()
                    .flatMap(bars -> bars.values().stream())
                    .noneMatch(value -> isShown(chart.y(), value.value()));
            case StackedBars chart -> chart.parts()
                    .stream()
                    .flatMap(part -> part.values().stream())
                    .noneMatch(Double::isFinite);
            case HeatMap map -> map.cells().stream().flatMap(List::stream).noneMatch(Double::isFinite);
            case DataTable table -> table.rows().isEmpty();
        };
    }

    private static boolean isShown(Axis axis, double value) {
        return Double.isFinite(value) && (axis.scale() != Axis.Scale.LOG || value > 0);
    }

    /** The names of the series that have colours, in order. */
    public static List<String> series(Figure figure) {
        return switch (figure) {
            case LineChart chart -> chart.lines()
                    .stream()
                    .filter(line -> line.kind() == LineChart.Kind.MEASURED)
                    .map(LineChart.Line::name)
                    .toList();
            case BarChart chart -> chart.series().stream().map(BarChart.Bars::name).toList();
            case StackedBars chart -> chart.parts().stream().map(StackedBars.Part::name).toList();
            case HeatMap map -> List.of();
            case DataTable table -> List.of();
        };
    }

    /** A sentence that describes a chart. */
    public static String sentence(Figure figure) {
        return switch (figure) {
            case LineChart chart -> "Line chart: %s over %s. %s.".formatted(chart.y().text(), chart.x().text(),
                    chart.lines()
                            .stream()
                            .map(line -> range(line, chart.x(), chart.y()))
                            .collect(Collectors.joining("; ")));
            case BarChart chart -> "Bar chart: %s by %s, for %s.".formatted(chart.y().text(), chart.across(),
                    String.join(", ", series(chart)));
            case StackedBars chart -> "Stacked bar chart: %s by %s, made of %s.".formatted(chart.y().text(),
                    chart.across(), String.join(", ", series(chart)));
            case HeatMap map -> "Heat map: %s for %d values of %s across and %d of %s down.".formatted(
                    map.value().text(), map.columns().size(), map.across(), map.rows().size(), map.down());
            case DataTable table -> "Table of %d rows.".formatted(table.rows().size());
        };
    }

    private static String range(LineChart.Line line, Axis x, Axis y) {
        List<LineChart.Point> points = line.points()
                .stream()
                .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y().value()))
                .toList();
        if (points.isEmpty()) {
            return line.name() + " has no values";
        }
        LineChart.Point first = points.getFirst();
        LineChart.Point last = points.getLast();
        String start = "%s: %s at %s".formatted(line.name(), number(y, first.y().value()), number(x, first.x()));
        return points.size() == 1
                ? start
                : start + ", %s at %s".formatted(number(y, last.y().value()), number(x, last.x()));
    }

    /** The numbers of a chart as a table. A table is returned as it is. */
    public static DataTable table(Figure figure) {
        return switch (figure) {
            case LineChart chart -> lines(chart);
            case BarChart chart -> bars(chart);
            case StackedBars chart -> new DataTable(chart.title(), "", columns(chart.across(), chart.bars()),
                    chart.parts()
                            .stream()
                            .map(part -> row(part.name(), part.values().stream().map(v -> number(chart.y(), v))))
                            .toList());
            case HeatMap map -> heat(map);
            case DataTable table -> table;
        };
    }

    private static DataTable lines(LineChart chart) {
        List<Column> columns = List.of(Column.text("series"), Column.number(chart.x().text()),
                Column.number(chart.y().text()), Column.number("interval"));
        List<List<String>> rows = new ArrayList<>();
        for (LineChart.Line line : chart.lines()) {
            for (LineChart.Point point : line.points()) {
                rows.add(List.of(line.name(), number(chart.x(), point.x()), number(chart.y(), point.y().value()),
                        interval(chart.y(), point.y())));
            }
        }
        return new DataTable(chart.title(), "", columns, rows);
    }

    private static DataTable bars(BarChart chart) {
        List<List<String>> rows = new ArrayList<>();
        for (BarChart.Bars bars : chart.series()) {
            rows.add(row(bars.name(), bars.values().stream().map(value -> {
                String interval = interval(chart.y(), value);
                return number(chart.y(), value.value()) + (interval.isEmpty() ? "" : " (" + interval + ")");
            })));
        }
        return new DataTable(chart.title(), "", columns(chart.across(), chart.groups()), rows);
    }

    private static DataTable heat(HeatMap map) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < map.rows().size(); i++) {
            rows.add(row(map.rows().get(i), map.cells().get(i).stream().map(value -> number(map.value(), value))));
        }
        return new DataTable(map.title(), "", columns(map.down() + " \\ " + map.across(), map.columns()), rows);
    }

    private static List<Column> columns(String first, List<String> others) {
        return Stream.concat(Stream.of(Column.text(first)), others.stream().map(Column::number)).toList();
    }

    private static List<String> row(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).toList();
    }

    private static String interval(Axis axis, Estimate value) {
        return value.hasInterval() ? number(axis, value.low()) + " to " + number(axis, value.high()) : "";
    }

    /** A number in the format of its axis. */
    private static String number(Axis axis, double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        if (axis.scale() == Axis.Scale.SHARE) {
            return String.format(Locale.ROOT, "%.1f", 100 * value);
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 0.1 || Math.abs(value) >= 1e6 ? "%.3g" : "%.3f", value);
    }
}
