package dev.kvasir.lab.study;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Illustrated;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.DigestComparison;
import dev.kvasir.lab.study.trace.RankingScope;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.gallery.GalleryScene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How many of the important pages each digest finds: figure 7 of the paper. */
public final class DigestsExperiment implements Illustrated {
    private static final String MAX_K = "max-k";
    private static final String GALLERY = "gallery";
    private static final String DIGEST = "digest";
    private static final String PAGES = "pages";
    private static final String LAYER = "layer";
    private static final String FOUND = "found";
    private static final String MASS = "mass";
    private static final String ALL = "all";
    private static final String CANDIDATES = "candidates";
    private static final List<Integer> SHOWN = List.of(1, 2, 4, 8, 16, 40);
    private static final int COMPARED = 8; // k
    private static final String ABOUT_ALL = "All full pages are ranked, as in the paper's figure 7: by their true importance, the largest product of the step's queries with a key of the page, and by each digest's estimate of it. The grey lines are from the paper's figure (LongChat-7B on LongBench).";
    private static final String ABOUT_CANDIDATES = "Without sinks and window: a cache keeps them anyway, so finding them gains nothing.";
    private static final Map<String, List<LineChart.Point>> PAPER = paper();

    @Override
    public String name() {
        return "digests";
    }

    @Override
    public String summary() {
        return "share of the true top-k pages that each digest finds, and of the attention mass";
    }

    @Override
    public String reproduces() {
        return "figure 7 of the paper";
    }

    @Override
    public String quickTime() {
        return "about 20 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.length("4096,8192").quick("2048"), Parameters.pageSize("16,32").quick("16"),
                Parameters.digest(Arrays.stream(DigestKind.values())
                        .map(DigestKind::optionName)
                        .collect(Collectors.joining(","))),
                Parameters.repeat("8").quick("4"), Parameters.cases(""), TracedText.steps(TracedText.QUESTION),
                StudyText.parameter("passkey,lines").quick("passkey"),
                new Parameter(MAX_K, "N", "largest number of chosen pages", "40"),
                Parameter.toggle(GALLERY,
                        "also writes gallery.html: keys, boxes and spheres of the pages on which mean radii and tight hull disagree most, in 3D"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        kinds(settings);
        settings.number(MAX_K);
        return TracedText.cells(settings);
    }

    private static Map<String, List<LineChart.Point>> paper() {
        Map<String, List<LineChart.Point>> lines = new LinkedHashMap<>();
        lines.put("cuboid-mean", points(0.94, 0.82, 0.89));
        lines.put("cuboid-max", points(0.865, 0.74, 0.835));
        lines.put("centroid", points(0.05, 0.53, 0.74));
        return lines;
    }

    private static List<LineChart.Point> points(double atOne, double atFive, double atForty) {
        return List.of(LineChart.Point.of(1, atOne), LineChart.Point.of(5, atFive), LineChart.Point.of(40, atForty));
    }

    private static List<DigestKind> kinds(Settings settings) {
        return settings.words(DIGEST).stream().map(Grid::digest).toList();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        var trace = TracedText.record(cell, lab);
        Map<String, RankingScope> choices = new LinkedHashMap<>();
        choices.put(ALL, RankingScope.all(cell.cache()));
        choices.put(CANDIDATES, RankingScope.candidates(cell.cache()));
        List<Row> rows = new ArrayList<>();
        choices.forEach((pages, scope) -> {
            lab.checkStopped();
            var comparison = new DigestComparison(scope, kinds(settings), settings.number(MAX_K));
            rows(comparison, trace).forEach(row -> rows.add(row.on(PAGES, pages)));
        });
        if (settings.is(GALLERY) && cell.number(Grid.REPEAT) == 0) {
            rows.addAll(GalleryRows.of(trace, cell));
        }
        return rows;
    }

    /** A row for each digest and layer: the means over the steps. */
    static List<Row> rows(DigestComparison comparison, AttentionTrace trace) {
        Map<List<Object>, List<DigestComparison.Sample>> samples = comparison.of(trace, 0)
                .stream()
                .collect(Collectors.groupingBy(sample -> List.of(sample.digest(), sample.layer()), LinkedHashMap::new,
                        Collectors.toList()));
        List<Row> rows = new ArrayList<>();
        samples.forEach((key, steps) -> rows.add(Row.empty()
                .on(DIGEST, key.get(0))
                .on(LAYER, key.get(1))
                .with(FOUND, Series.mean(steps.stream().map(DigestComparison.Sample::found).toList()))
                .with(MASS, Series.mean(steps.stream().map(DigestComparison.Sample::mass).toList()))));
        return rows;
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        GalleryRows.others(results)
                .by(PAGES, StudyText.TEXT, Parameters.LENGTH, Grid.PAGE_SIZE)
                .forEach((key, part) -> {
                    boolean all = key.get(0).equals(ALL);
                    String title = "%s: %s of %s tokens, pages of %s".formatted(
                            all ? "All pages" : "The pages that a cache chooses from", key.get(1), key.get(2),
                            key.get(3));
                    sections.add(new ReportSection(title, all ? ABOUT_ALL : ABOUT_CANDIDATES, findings(part),
                            List.of(chart(part, FOUND, "Pages found", "share of the true top k", all),
                                    chart(part, MASS, "Attention mass", "share of the attention mass", false),
                                    table(part, FOUND, "Pages found"), table(part, MASS, "Attention mass"),
                                    byLayer(part))));
                });
        return sections;
    }

    @Override
    public List<GalleryScene> scenes(Results results) {
        return GalleryRows.scenes(results);
    }

    /** The mean of each text over all layers, as an estimate for each k. */
    private static List<Estimate> byK(Results results, String digest, String measure) {
        List<double[]> texts = texts(results, digest, measure);
        List<Estimate> estimates = new ArrayList<>();
        for (int k = 0; k < texts.getFirst().length; k++) {
            int at = k;
            estimates.add(Intervals.mean(texts.stream().mapToDouble(text -> text[at]).toArray()));
        }
        return estimates;
    }

    private static List<double[]> texts(Results results, String digest, String measure) {
        return results.at(DIGEST, digest)
                .by(Grid.REPEAT)
                .values()
                .stream()
                .map(text -> Series.mean(text.all().stream().map(layer -> layer.numbers(measure)).toList()))
                .toList();
    }

    private static LineChart chart(Results results, String measure, String title, String y, boolean withPaper) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (String digest : results.values(DIGEST)) {
            if (measure.equals(FOUND) && digest.equals(DigestComparison.EXACT)) {
                continue; // finds all by definition
            }
            List<Estimate> estimates = byK(results, digest, measure);
            List<LineChart.Point> points = new ArrayList<>();
            for (int k = 1; k <= estimates.size(); k++) {
                points.add(new LineChart.Point(k, estimates.get(k - 1)));
            }
            lines.add(LineChart.Line.measured(digest, points));
        }
        if (withPaper) {
            PAPER.forEach((name, points) -> lines.add(LineChart.Line.reference("paper: " + name, points)));
        }
        return new LineChart(title, "", Axis.of("k", "pages"), Axis.share(y), lines);
    }

    private static DataTable table(Results results, String measure, String title) {
        List<DataTable.Column> columns = new ArrayList<>(List.of(DataTable.Column.text("digest")));
        List<List<String>> rows = new ArrayList<>();
        for (String digest : results.values(DIGEST)) {
            List<Estimate> estimates = byK(results, digest, measure);
            List<String> row = new ArrayList<>(List.of(digest));
            SHOWN.stream()
                    .filter(k -> k <= estimates.size())
                    .forEach(k -> row.add(Intervals.percent(estimates.get(k - 1))));
            rows.add(row);
        }
        SHOWN.stream()
                .limit(rows.getFirst().size() - 1L)
                .forEach(k -> columns.add(DataTable.Column.number("k = " + k)));
        return new DataTable(title, "mean of all texts and layers, with its 95 % interval over the texts", columns,
                rows);
    }

    private static BarChart byLayer(Results results) {
        List<String> layers = results.values(LAYER);
        List<BarChart.Bars> series = new ArrayList<>();
        for (String digest : results.values(DIGEST)) {
            if (!digest.equals(DigestComparison.EXACT)) {
                series.add(new BarChart.Bars(digest, layers.stream()
                        .map(layer -> Intervals.mean(results.at(DIGEST, digest)
                                .at(LAYER, layer)
                                .all()
                                .stream()
                                .mapToDouble(result -> at(result.numbers(FOUND), COMPARED))
                                .toArray()))
                        .toList()));
            }
        }
        return new BarChart("Pages found by layer", "k = %d".formatted(COMPARED), "layer", layers,
                Axis.share("share of the true top k"), series);
    }

    /** The gain of each digest over the centroid, from the differences per text. */
    private static List<String> findings(Results results) {
        String centroid = DigestKind.CENTROID.optionName();
        if (!results.values(DIGEST).contains(centroid)) {
            return List.of();
        }
        return List.of(
                "At k = %d, of the true top k, beyond what the centroid finds (percentage points): %s.".formatted(
                        COMPARED, differences(results, FOUND)),
                "At k = %d, of the attention mass, beyond what the centroid's pages carry (percentage points): %s."
                        .formatted(COMPARED, differences(results, MASS)));
    }

    private static String differences(Results results, String measure) {
        List<double[]> centroid = texts(results, DigestKind.CENTROID.optionName(), measure);
        List<String> differences = new ArrayList<>();
        for (String digest : results.values(DIGEST)) {
            if (digest.equals(DigestKind.CENTROID.optionName()) || digest.equals(DigestComparison.EXACT)) {
                continue;
            }
            List<double[]> own = texts(results, digest, measure);
            double[] more = new double[own.size()];
            for (int text = 0; text < more.length; text++) {
                more[text] = 100 * (at(own.get(text), COMPARED) - at(centroid.get(text), COMPARED));
            }
            Estimate estimate = Intervals.mean(more);
            boolean isClear = estimate.hasInterval() && (estimate.low() > 0 || estimate.high() < 0);
            differences.add(
                    "%s %s%s".formatted(digest, Intervals.rounded(estimate, 1),
                            isClear ? "" : estimate.hasInterval() ? ", which is noise" : ", of one text"));
        }
        return String.join("; ", differences);
    }

    private static double at(double[] byK, int k) {
        return byK.length == 0 ? Double.NaN : byK[Math.min(k, byK.length) - 1];
    }
}
