package dev.kvasir.report.page;

import dev.kvasir.report.Report;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.BarChart.Bars;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.LineChart.Line;
import dev.kvasir.report.chart.LineChart.Point;
import dev.kvasir.report.chart.StackedBars;
import dev.kvasir.report.chart.StackedBars.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A report with each kind of chart, as an experiment would return it. */
final class SampleReport {
    static final List<String> POLICIES = List.of("full", "arkvale", "quest", "streaming-llm", "h2o", "tova");

    private SampleReport() {}

    static Report report() {
        return new Report("Passkey retrieval", "Five digits are hidden in a long text & asked for at its end.\n\n"
                + "arkvale answers as the full cache does; policies that forget do not.", origin(),
                List.of(new ReportSection("Accuracy", "Exact answers out of 20 depths, with 95 % Wilson intervals.",
                        List.of("arkvale answers 100 % (83.9 to 100 %), streaming-llm 15 % (5.2 to 36.0 %): the difference is "
                                + "outside the noise (Mann-Whitney, p < 0.001).",
                                "h2o and tova do not differ beyond their noise (p = 0.62)."),
                        List.of(accuracy(), scores(), depths("arkvale", 1), depths("streaming-llm", 0.2))),
                        new ReportSection("Digests", "", List.of(), List.of(digests())),
                        new ReportSection("A decode step", "", List.of(), List.of(step(), table()))),
                List.of(new Report.Skipped("infllm, budget 64",
                        "budget 64 tokens holds 2 pages of 32; this policy needs at least 8: raise --budget to 256")));
    }

    static Report.Origin origin() {
        return new Report.Origin(
                "java -jar runner.jar experiment passkey -m needle-3m --kv full,arkvale,quest --budget 512 "
                        + "--length 1024,2048,4096,8192 --seed 1 -o out",
                "needle-3m-f16.gguf", "sha256:3f1c…9a", "2 cores, 7.8 GiB",
                "0.1.0 (Java 25)", 1, "2026-11-21");
    }

    static LineChart accuracy() {
        List<Line> lines = new ArrayList<>();
        double[] share = {1, 1, 0.97, 0.35, 0.3, 0.25};
        for (int p = 0; p < POLICIES.size(); p++) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                double y = Math.max(0, share[p] - (p > 1 ? 0.06 * i : 0));
                points.add(new Point(1024 << i, new Estimate(y, Math.max(0, y - 0.12), Math.min(1, y + 0.08))));
            }
            lines.add(Line.measured(POLICIES.get(p), points));
        }
        lines.add(Line.reference("paper, arkvale", List.of(Point.of(1024, 0.99), Point.of(16384, 0.98))));
        return new LineChart("Accuracy by length",
                "Whiskers are 95 % Wilson intervals; the dashed line is table 1 of the paper.",
                Axis.log("prompt length", "tokens"), Axis.share("accuracy"), lines);
    }

    static BarChart scores() {
        return new BarChart("Accuracy by budget", "", "budget (tokens)", List.of("128", "256", "512", "1024"),
                Axis.share("accuracy"), IntStream.range(1, POLICIES.size())
                        .mapToObj(p -> new Bars(POLICIES.get(p),
                                IntStream.range(0, 4).mapToObj(g -> {
                                    double y = Math.min(1, (g + 1) * 0.3 / p);
                                    return p == 3 && g == 0
                                            ? Estimate.MISSING
                                            : new Estimate(y, Math.max(0, y - 0.1), Math.min(1, y + 0.05));
                                }).toList()))
                        .toList());
    }

    static HeatMap depths(String policy, double share) {
        return new HeatMap("Accuracy of " + policy + " by depth and length", "", "prompt length (tokens)",
                List.of("1024", "2048", "4096", "8192", "16384"), "depth (%)",
                IntStream.rangeClosed(0, 10).mapToObj(d -> Integer.toString(10 * d)).toList(), Axis.share("accuracy"),
                IntStream.rangeClosed(0, 10)
                        .mapToObj(d -> IntStream.range(0, 5)
                                .mapToObj(c -> c == 4 && d == 3
                                        ? Double.NaN
                                        : Math.min(1, Math.max(0, share + (d - 5) * 0.05 * (5 - c) * (1.2 - share))))
                                .toList())
                        .toList());
    }

    static LineChart digests() {
        List<String> names = List.of("centroid", "sphere-max", "sphere-center", "sphere-mean", "cuboid-max",
                "cuboid-center", "cuboid-mean");
        return new LineChart("Share of the true top-k pages found", "", Axis.of("k", "pages"), Axis.share("found"),
                IntStream.range(0, 7)
                        .mapToObj(d -> Line.measured(names.get(d), IntStream.rangeClosed(1, 40)
                                .mapToObj(k -> Point.of(k, 1 - 0.5 / (d + 1) - 0.3 * Math.exp(-k / 8.0) * (7 - d) / 7))
                                .toList()))
                        .toList());
    }

    static StackedBars step() {
        return new StackedBars("One decode step", "", "prompt length (tokens)", List.of("4k", "8k", "16k", "32k"),
                Axis.fromZero("time", "ms"), List.of(new Part("others", List.of(3.1, 3.1, 3.1, 3.2)),
                        new Part("estimate", List.of(0.2, 0.4, 0.7, 1.3)),
                        new Part("select", List.of(0.1, 0.1, 0.2, 0.3)),
                        new Part("recall", List.of(0.4, 0.5, 0.5, Double.NaN)),
                        new Part("attention", List.of(1.1, 1.1, 1.2, 1.2))));
    }

    static DataTable table() {
        return new DataTable("All policies", "Means of 20 runs.",
                List.of(Column.text("policy"), Column.number("accuracy (%)"),
                        Column.number("interval"), Column.number("tokens/s")),
                POLICIES.stream()
                        .map(name -> List.of(name, "95.0",
                                "76.4 to 99.1", "41.2"))
                        .toList());
    }
}
