package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Results;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Memory, score and speed of each policy at each budget, and which of these points are on the Pareto front: no other is at
 * least as good in all three and better in one.
 */
final class ParetoTable {

    /**
     * A policy at a budget.
     *
     * @param bytes frames held at the end of a text, the mean
     * @param score the mean
     * @param speed tokens a second of questions and answers; NaN if the experiment does not decode freely
     */
    record Point(String policy, String budget, double bytes, double score, double speed) {

        /** Whether this point is at least as good in everything, and better in something. */
        boolean dominates(Point other, Score.Better better) {
            int memory = Double.compare(other.bytes, bytes);
            int quality = better == Score.Better.HIGHER
                    ? Double.compare(score, other.score)
                    : Double.compare(other.score, score);
            int tempo = Double.compare(speed, other.speed);
            return memory >= 0 && quality >= 0 && tempo >= 0 && memory + quality + tempo > 0;
        }
    }

    private ParetoTable() {}

    /** Whether no other point dominates this one. */
    static boolean isOnFront(Point point, List<Point> all, Score.Better better) {
        return all.stream().noneMatch(other -> other.dominates(point, better));
    }

    /** The table, if there are several points with a memory and a score. */
    static Optional<DataTable> of(Results results, String what, Score score, Variants variants) {
        List<Point> points = points(results, score, variants);
        if (points.size() < 2) {
            return Optional.empty();
        }
        boolean isTimed = points.stream().noneMatch(point -> Double.isNaN(point.speed()));
        List<Column> columns = new ArrayList<>(List.of(Column.text("policy"), Column.text("budget"),
                Column.number("memory held"), Column.number(score.axis().label())));
        if (isTimed) {
            columns.add(Column.number("tokens/s"));
        }
        columns.add(Column.text("on the front"));
        List<List<String>> rows = new ArrayList<>();
        for (Point point : points) {
            List<String> row = new ArrayList<>(List.of(point.policy(), point.budget(),
                    ByteSize.readable(Math.round(point.bytes())), written(point.score(), score)));
            if (isTimed) {
                row.add(String.format(Locale.ROOT, "%.1f", point.speed()));
            }
            row.add(isOnFront(point, points, score.better()) ? "yes" : "");
            rows.add(row);
        }
        String measures = isTimed ? "all three" : "both";
        return Optional.of(new DataTable(
                "%s: memory, %s%s".formatted(Comparison.capital(what), score.axis().label(), isTimed ? ", speed" : ""),
                "A row is on the Pareto front if no other is at least as good in %s and better in one. Means without intervals: a small lead may be noise."
                        .formatted(measures),
                columns, rows));
    }

    private static String written(double value, Score score) {
        return score.kind() == Score.Kind.NUMBER
                ? String.format(Locale.ROOT, "%." + score.digits() + "f", value)
                : String.format(Locale.ROOT, "%.0f %%", 100 * value);
    }

    private static List<Point> points(Results results, Score score, Variants variants) {
        List<Point> points = new ArrayList<>();
        variants.split(results).forEach((name, own) -> {
            for (Map.Entry<List<String>, Results> entry : own.by(Grid.BUDGET).entrySet()) {
                Results at = entry.getValue();
                double bytes = Arrays.stream(at.numbers(Measures.HELD_BYTES)).average().orElse(Double.NaN);
                double value = score.of(at).value();
                double seconds = Arrays.stream(at.numbers(Measures.DECODE_SECONDS)).sum();
                double speed = Arrays.stream(at.numbers(Measures.DECODED_TOKENS)).sum() / seconds;
                if (!Double.isNaN(bytes) && !Double.isNaN(value)) {
                    points.add(new Point(name, entry.getKey().get(0), bytes, value, seconds > 0 ? speed : Double.NaN));
                }
            }
        });
        return points;
    }
}
