package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.report.chart.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Answers and perplexity under each policy, from the tables under {@code docs/results/experiments}. */
final class ExperimentPictures {
    private static final double LEFT = 180;
    private static final double RIGHT = 470;
    private static final double ROW = 32;
    private static final String POLICY = "policy";
    private static final String BUDGET = "budget";

    /** The results of a policy in one group. */
    private record Line(String policy, Estimate share) {}

    private ExperimentPictures() {}

    static Sheet passkey() {
        return shares("A hidden number", "Share found at 20 depths, budget 512",
                groups("passkey", row -> row.get("length") + " tokens", ExperimentPictures::right));
    }

    static Sheet lines() {
        return shares("One line of hundreds", "Share of 50 lines found, 4096 tokens",
                groups("lines", row -> "budget " + row.get(BUDGET), ExperimentPictures::right));
    }

    static Sheet needles() {
        return shares("Numbers under keys", "Share of answers given, 4096 tokens, budget 512",
                groups("needles", row -> row.get("task"), row -> Double.parseDouble(row.get("score"))));
    }

    private static double right(Table.Row row) {
        return row.get("right").equals("true") ? 1 : 0;
    }

    /** Groups in the order of the file; results without a budget are part of all groups of budgets. */
    private static Map<String, List<Line>> groups(String table, Function<Table.Row, String> group,
            Function<Table.Row, Double> score) {
        Map<String, Map<String, List<Double>>> scores = new LinkedHashMap<>();
        for (Table.Row row : Table.read("experiments/%s.csv".formatted(table)).rows()) {
            boolean corners = row.get("cache.digest").equals("cuboid-corners");
            scores.computeIfAbsent(group.apply(row), key -> new LinkedHashMap<>())
                    .computeIfAbsent(row.get(POLICY) + (corners ? ", corners" : ""), key -> new ArrayList<>())
                    .add(score.apply(row));
        }
        Map<String, List<Double>> everywhere = scores.getOrDefault("budget unlimited", Map.of());
        scores.remove("budget unlimited");
        Map<String, List<Line>> groups = new LinkedHashMap<>();
        scores.forEach((name, policies) -> {
            List<Line> lines = new ArrayList<>();
            everywhere.forEach((policy, values) -> lines.add(new Line(policy, estimate(values))));
            policies.forEach((policy, values) -> lines.add(new Line(policy, estimate(values))));
            groups.put(name, lines);
        });
        return groups;
    }

    private static Estimate estimate(List<Double> scores) {
        boolean whole = scores.stream().allMatch(score -> score == 0 || score == 1);
        return whole
                ? Intervals.share((int) scores.stream().filter(score -> score == 1).count(), scores.size())
                : Intervals.mean(scores.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Sheet shares(String title, String subtitle, Map<String, List<Line>> groups) {
        double height = 100 + groups.values().stream().mapToDouble(lines -> 46 + ROW * lines.size()).sum();
        var sheet = new Sheet(height, title);
        sheet.text(16, 28, title, Type.HEADING, Ink.INK);
        sheet.text(16, 53, subtitle, Type.PLAIN, Ink.MUTED);
        sheet.text(16, 78, "Thin lines: intervals at 95 %", Type.PLAIN, Ink.MUTED);
        double y = 94;
        for (var group : groups.entrySet()) {
            sheet.text(16, y + 28, group.getKey(), Type.NAME, Ink.INK);
            y += 40;
            for (Line line : group.getValue()) {
                row(sheet, y, line);
                y += ROW;
            }
            sheet.line(Ink.MUTED, 1, LEFT, y - ROW * group.getValue().size(), LEFT, y);
            y += 6;
        }
        return sheet;
    }

    private static void row(Sheet sheet, double y, Line line) {
        Ink ink = line.policy().startsWith("arkvale") ? Ink.BLUE : line.policy().equals("full") ? Ink.INK : Ink.GREY;
        sheet.text(LEFT - 12, y + 21, line.policy(), Type.PLAIN, Ink.INK, Align.END);
        Estimate share = line.share();
        double width = RIGHT - LEFT;
        sheet.bar(LEFT, y + 5, share.value() * width, ROW - 10, ink);
        if (share.hasInterval()) {
            double middle = y + ROW / 2;
            sheet.line(Ink.ORANGE, 2, LEFT + share.low() * width, middle, LEFT + share.high() * width, middle);
        }
        sheet.text(Sheet.WIDTH - 16, y + 21, "%.0f %%".formatted(100 * share.value()), Type.PLAIN, Ink.INK, Align.END);
    }

    static Sheet perplexity() {
        Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();
        for (Table.Row row : Table.read("experiments/perplexity.csv").rows()) {
            values.computeIfAbsent(row.get(POLICY), key -> new LinkedHashMap<>())
                    .computeIfAbsent(row.get(BUDGET), key -> new ArrayList<>())
                    .add(Double.parseDouble(row.get("perplexity")));
        }
        double full = mean(values.getOrDefault("full", Map.of()).getOrDefault("unlimited", List.of()));
        values.remove("full");
        Set<String> budgets = new LinkedHashSet<>();
        values.values().forEach(policy -> budgets.addAll(policy.keySet()));
        List<Ink> inks = List.of(Ink.ORANGE, Ink.GREEN, Ink.BLUE);
        double bottom = 124 + 50 * values.size();
        var sheet = new Sheet(bottom + 44, "Perplexity by policy and budget");
        sheet.text(16, 28, "Perplexity: lower is better", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "Mean of eight texts; the dashed line is full attention", Type.PLAIN, Ink.MUTED);
        double x = 22;
        int i = 0;
        for (String budget : budgets) {
            sheet.dot(x, 79, 6, inks.get(i++));
            sheet.text(x + 13, 84, "budget " + budget, Type.PLAIN, Ink.INK);
            x += 13 + Type.PLAIN.width("budget " + budget) + 22;
        }
        for (int tick = 35; tick <= 50; tick += 5) {
            sheet.line(Ink.GRID, 1, place(tick), 104, place(tick), bottom);
            sheet.text(place(tick), bottom + 22, "" + tick, Type.SMALL, Ink.MUTED, Align.MIDDLE);
        }
        sheet.dashes(Ink.INK, place(full), 104, place(full), bottom);
        sheet.text(place(full), bottom + 22, String.format(Locale.ROOT, "%.1f", full), Type.SMALL, Ink.INK, Align.END);
        double y = 134;
        for (var policy : values.entrySet()) {
            sheet.text(16, y + 6, policy.getKey(), Type.PLAIN, Ink.INK);
            List<Double> means = budgets.stream()
                    .map(budget -> mean(policy.getValue().getOrDefault(budget, List.of())))
                    .toList();
            sheet.line(Ink.GREY, 2, place(means.getFirst()), y, place(means.getLast()), y);
            for (int b = 0; b < means.size(); b++) {
                sheet.dot(place(means.get(b)), y, 7, inks.get(b));
            }
            y += 50;
        }
        return sheet;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double place(double perplexity) {
        return 150 + (perplexity - 33) * (540 - 150) / (51 - 33);
    }
}
