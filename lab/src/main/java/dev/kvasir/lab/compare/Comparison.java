package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.statistics.MannWhitney;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
                "In brackets: the interval with the true value at 95 % confidence.", columns, rows);
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

    /** A sentence for each budget that compares the best variant with each of the others by Mann and Whitney's test. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        for (String budget : Variants.budgets(results)) {
            Map<String, Results> byVariant = variants.split(results.at(Grid.BUDGET, budget));
            Comparator<Map.Entry<String, Results>> byScore = Comparator
                    .comparingDouble(entry -> score.of(entry.getValue()).value());
            boolean isHigher = score.better() == Score.Better.HIGHER;
            byVariant.entrySet()
                    .stream()
                    .max(isHigher ? byScore : byScore.reversed())
                    .filter(best -> byVariant.size() > 1)
                    .ifPresent(best -> findings.add(finding(budget, best.getKey(), byVariant)));
        }
        return findings;
    }

    private String finding(String budget, String best, Map<String, Results> byVariant) {
        double[] first = numbers(byVariant.getOrDefault(best, new Results(List.of())));
        Map<String, String> beaten = new LinkedHashMap<>();
        Map<String, String> level = new LinkedHashMap<>();
        byVariant.forEach((name, own) -> {
            if (!name.equals(best)) {
                MannWhitney test = MannWhitney.of(first, numbers(own));
                (test.isDifference() ? beaten : level).put(name, probability(test.p()));
            }
        });
        String better = beaten.isEmpty() ? "" : " is better than " + listed(beaten);
        String noise = level.isEmpty()
                ? ""
                : " does not differ significantly from %s with so few measurements".formatted(listed(level));
        String joined = better.isEmpty() || noise.isEmpty() ? better + noise : better + ", and" + noise;
        return "%s, budget %s: %s%s.".formatted(capital(what), budget, best, joined);
    }

    private double[] numbers(Results own) {
        return own.all().stream().mapToDouble(result -> number(result)).filter(value -> !Double.isNaN(value)).toArray();
    }

    private double number(Result result) {
        return result.number(score.value());
    }

    private static String listed(Map<String, String> names) {
        List<String> parts = new ArrayList<>();
        names.forEach((name, p) -> parts.add("%s (%s)".formatted(name, p)));
        return String.join(", ", parts);
    }

    private static String probability(double p) {
        return p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", p);
    }

    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
