package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Results;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.LineChart.Line;
import dev.kvasir.report.chart.LineChart.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Compares policies over their budgets: a table, a chart, and findings that tell significant differences from noise.
 *
 * @param results of one task at one length
 * @param what subject of the results, for headings: {@code passkey at 4096 tokens}
 */
record Comparison(Results results, String what, Score score, Variants variants) {

    /** A row for each variant, a column for each budget. */
    DataTable table() {
        List<String> budgets = Variants.budgets(results);
        List<Column> columns = new ArrayList<>(List.of(Column.text("policy")));
        budgets.forEach(budget -> columns.add(Column.number("budget " + budget)));
        if (budgets.isEmpty()) {
            columns.add(Column.number("everything kept"));
        }
        List<List<String>> rows = new ArrayList<>();
        variants.split(results).forEach((name, own) -> {
            List<String> row = new ArrayList<>(List.of(name));
            for (String budget : budgets.isEmpty() ? List.of(Variants.UNLIMITED) : budgets) {
                // a policy that keeps everything is compared with every budget
                Results at = own.at(Grid.BUDGET, budget);
                row.add(score.written(score.of(at.isEmpty() ? own.at(Grid.BUDGET, Variants.UNLIMITED) : at)));
            }
            rows.add(row);
        });
        return new DataTable("%s: %s".formatted(capital(what), score.axis().label()),
                "In brackets: the interval with the true value at 95 % confidence; of fewer than five results, their number.",
                columns, rows);
    }

    /** The score over the budget, or bars if there is one budget. */
    Figure chart() {
        List<String> budgets = Variants.budgets(results);
        int pageSize = results.isEmpty() ? 1 : Integer.parseInt(results.all().get(0).axis(Grid.PAGE_SIZE));
        boolean isLine = budgets.size() > 1
                && budgets.stream().noneMatch(budget -> Double.isNaN(Variants.tokens(budget, pageSize)));
        return isLine ? lines(budgets, pageSize) : bars(budgets);
    }

    private LineChart lines(List<String> budgets, int pageSize) {
        List<Line> lines = new ArrayList<>();
        variants.split(results).forEach((name, own) -> {
            boolean isUnlimited = Variants.budgets(own).isEmpty();
            List<Point> points = new ArrayList<>();
            for (String budget : budgets) {
                Estimate estimate = score.of(isUnlimited ? own : own.at(Grid.BUDGET, budget));
                points.add(isUnlimited
                        ? Point.of(Variants.tokens(budget, pageSize), estimate.value())
                        : new Point(Variants.tokens(budget, pageSize), estimate));
            }
            points.sort(Comparator.comparingDouble(Point::x));
            lines.add(isUnlimited ? Line.reference(name, points) : Line.measured(name, points));
        });
        return new LineChart("%s over the budget, %s".formatted(capital(score.axis().label()), what), "",
                Axis.log("budget per layer", "tokens"), score.axis(), lines);
    }

    private BarChart bars(List<String> budgets) {
        List<String> groups = budgets.isEmpty() ? List.of(Variants.UNLIMITED) : budgets;
        List<BarChart.Bars> series = new ArrayList<>();
        variants.split(results).forEach((name, own) -> {
            boolean isUnlimited = Variants.budgets(own).isEmpty();
            series.add(new BarChart.Bars(name, groups.stream()
                    .map(budget -> score.of(isUnlimited ? own : own.at(Grid.BUDGET, budget)))
                    .toList()));
        });
        return new BarChart("%s by budget, %s".formatted(capital(score.axis().label()), what), "", "budget per layer",
                groups, score.axis(), series);
    }

    /** Sentences that tell significant differences from noise. */
    List<String> findings() {
        return new Verdicts(results, what, score, variants).sentences();
    }

    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
