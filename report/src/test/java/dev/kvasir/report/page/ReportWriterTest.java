package dev.kvasir.report.page;

import dev.kvasir.report.Report;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.LineChart.Line;
import dev.kvasir.report.chart.LineChart.Point;
import dev.kvasir.report.chart.StackedBars;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;

class ReportWriterTest {
    @TempDir
    Path folder;

    @Test
    void writesThePageAndEachPlotAsSvgAndPng() throws Exception {
        ReportWriter.write(SampleReport.report(), folder);

        assertThat(names(folder)).containsExactlyInAnyOrder("report.html", "plots");
        assertThat(names(folder.resolve("plots"))).hasSize(12)
                .contains("accuracy-by-length.svg",
                        "accuracy-by-length.png", "one-decode-step.svg", "accuracy-of-arkvale-by-depth-and-length.png");
        BufferedImage image = ImageIO.read(folder.resolve("plots/accuracy-by-length.png").toFile());
        assertThat(image.getWidth()).isEqualTo(1520);
        assertThat(image.getHeight()).isEqualTo(800);
    }

    @Test
    void writesTheSameBytesForTheSameResults() throws Exception {
        ReportWriter.write(SampleReport.report(), folder.resolve("a"));
        ReportWriter.write(SampleReport.report(), folder.resolve("b"));

        try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(folder.resolve("b").resolve(folder.resolve("a").relativize(file)))
                        .hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void needsNothingFromTheNetwork() throws Exception {
        String page = page(SampleReport.report());

        assertThat(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "")).doesNotContain("http:", "https:", "//cdn",
                "@import", "<script src", "<link", "url(h");
    }

    @Test
    void plotsAreWellFormedAndNameEverySeriesAxisAndTick() throws Exception {
        ReportWriter.write(SampleReport.report(), folder);

        Document lines = parse(Files.readString(folder.resolve("plots/accuracy-by-length.svg")));
        assertThat(lines.getDocumentElement().getTextContent()).contains(SampleReport.POLICIES)
                .contains("Accuracy by length", "prompt length (tokens)", "accuracy (%)", "1024", "16384",
                        "paper, arkvale");
        assertThat(lines.getElementsByTagName("text").getLength()).isGreaterThan(18);
        Document bars = parse(Files.readString(folder.resolve("plots/accuracy-by-budget.svg")));
        assertThat(bars.getDocumentElement().getTextContent()).contains("budget (tokens)", "128", "1024", "tova");
        Document heat = parse(Files.readString(folder.resolve("plots/accuracy-of-arkvale-by-depth-and-length.svg")));
        assertThat(heat.getDocumentElement().getTextContent()).contains("depth (%)", "prompt length (tokens)", "95",
                "8192");
        Document stack = parse(Files.readString(folder.resolve("plots/one-decode-step.svg")));
        assertThat(stack.getDocumentElement().getTextContent()).contains("time (ms)", "estimate", "attention", "32k");
    }

    @Test
    void thePageIsWellFormedAndTellsHowItsNumbersCameAbout() throws Exception {
        String page = page(SampleReport.report());

        Document document = parseHtml(page);
        assertThat(document.getElementsByTagName("h1").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("h2").getLength()).isEqualTo(4);
        assertThat(document.getElementsByTagName("h3").getLength()).isEqualTo(7);
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(12);
        assertThat(document.getElementsByTagName("details").getLength()).isEqualTo(6);
        assertThat(page).contains("experiment passkey -m needle-3m", "sha256:3f1c…9a", "2 cores, 7.8 GiB", "2026-11-21",
                "infllm, budget 64", "raise --budget to 256", "h2o and tova do not differ beyond their noise",
                "aria-label=\"Accuracy by length. Line chart: accuracy (%) over prompt length (tokens).");
    }

    @Test
    void colorsOfPlotsFollowThePage() throws Exception {
        String page = page(SampleReport.report());

        assertThat(page).contains("prefers-color-scheme: dark", "style=\"fill:var(--blue);", "stroke:var(--ink)");
        String drawings = page.substring(page.indexOf("<main>"));
        assertThat(drawings).doesNotContain("\"#0072b2\"", "\"#1b2028\"");
    }

    @Test
    void escapesWhatIsNotOurs() throws Exception {
        String evil = "</script><b onclick=\"x\">&'";
        LineChart chart = new LineChart(evil, evil, Axis.of(evil, evil), Axis.share(evil),
                List.of(Line.measured(evil, List.of(Point.of(1, 0.5)))));
        DataTable table = new DataTable(evil, evil, List.of(DataTable.Column.text(evil)), List.of(List.of(evil)));

        String page = page(new Report(evil, evil, new Report.Origin(evil, evil, evil, evil, evil, 1, evil),
                List.of(new ReportSection(evil, evil, List.of(evil), List.of(chart, table))),
                List.of(new Report.Skipped(evil, evil))));

        assertThat(page).doesNotContain("<b ", "</script><");
        assertThat(parseHtml(page).getElementsByTagName("b").getLength()).isZero();
        try (Stream<Path> plots = Files.list(folder.resolve("plots"))) {
            for (Path plot : plots.filter(file -> file.toString().endsWith(".svg")).toList()) {
                assertThat(parse(Files.readString(plot)).getDocumentElement().getTextContent()).contains(evil);
            }
        }
    }

    @Test
    void saysSoWhereNothingWasMeasured() throws Exception {
        List<Double> nothing = List.of(Double.NaN, Double.NaN);
        List<Figure> empty = List.of(
                new LineChart("a", "", Axis.log("x", ""), Axis.share("y"), List.of()),
                new LineChart("b", "", Axis.log("x", ""), Axis.share("y"),
                        List.of(Line.measured("s", List.of(Point.of(0, 1), Point.of(1, Double.NaN))))),
                new BarChart("c", "", "x", List.of("g"), Axis.share("y"),
                        List.of(new BarChart.Bars("s", List.of(Estimate.MISSING)))),
                new StackedBars("d", "", "x", List.of("1", "2"), Axis.fromZero("t", "ms"),
                        List.of(new StackedBars.Part("p", nothing))),
                new HeatMap("e", "", "x", List.of("1", "2"), "y", List.of("r"), Axis.share("v"), List.of(nothing)),
                new HeatMap("f", "", "x", List.of(), "y", List.of(), Axis.share("v"), List.of()));

        String page = page(
                new Report("t", "", SampleReport.origin(), List.of(new ReportSection("s", "", empty)), List.of()));

        assertThat(page.split("This chart has no measured values", -1)).hasSize(7);
        assertThat(names(folder.resolve("plots"))).isEmpty();
    }

    @Test
    void drawsWhatFewPointsThereAre() throws Exception {
        List<Figure> few = List.of(
                new LineChart("one point", "", Axis.log("x", ""), Axis.of("y", "ms"),
                        List.of(Line.measured("s", List.of(Point.of(4096, 3.5))), Line.measured("empty", List.of()))),
                new LineChart("constant", "", Axis.of("x", ""), Axis.log("y", "ms"),
                        List.of(Line.measured("s", List.of(Point.of(1, 7), Point.of(2, 7), Point.of(3, Double.NaN))))),
                new LineChart("huge and tiny", "", Axis.of("x", ""), Axis.log("y", "s"),
                        List.of(Line.measured("s", List.of(Point.of(1, 1e-6), Point.of(2, 1e6))))),
                new BarChart("zero", "", "x", List.of("g", "g"), Axis.fromZero("y", ""),
                        List.of(new BarChart.Bars("s", List.of(Estimate.of(0), Estimate.MISSING)))),
                new HeatMap("one cell", "", "x", List.of("1"), "y", List.of("r"), Axis.of("v", ""),
                        List.of(List.of(2.5))));

        page(new Report("t", "", SampleReport.origin(), List.of(new ReportSection("s", "", few)), List.of()));

        assertThat(names(folder.resolve("plots"))).hasSize(10);
        assertThat(Files.readString(folder.resolve("plots/one-point.svg"))).contains(">4096<", ">s<");
        assertThat(Files.readString(folder.resolve("plots/one-cell.svg"))).contains(">2.50<");
    }

    @Test
    void makesRoomForLongNamesAndWritesAllOfThem() throws Exception {
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "a policy with a long name " + i).toList();
        BarChart bars = new BarChart("long names", "", "policy", names, Axis.fromZero("time", "ms"),
                List.of(new BarChart.Bars("s", names.stream().map(name -> Estimate.of(name.length())).toList())));

        page(new Report("t", "", SampleReport.origin(), List.of(new ReportSection("s", "", List.of(bars))), List.of()));

        String svg = Files.readString(folder.resolve("plots/long-names.svg"));
        assertThat(parse(svg).getDocumentElement().getTextContent()).contains(names);
        assertThat(ImageIO.read(folder.resolve("plots/long-names.png").toFile()).getHeight()).isGreaterThan(1000);
    }

    @Test
    void twoPlacesOnAnAxisHaveTheirTicks() throws Exception {
        LineChart lines = new LineChart("two budgets", "", Axis.log("budget", "tokens"), Axis.share("found"),
                List.of(Line.measured("arkvale", List.of(Point.of(512, 0.3), Point.of(1024, 0.5))),
                        Line.measured("h2o", List.of(Point.of(512, 0.1), Point.of(1024, 0.2)))));

        String html = page(new Report("t", "", SampleReport.origin(),
                List.of(new ReportSection("s", "", List.of(lines))), List.of()));

        assertThat(Files.readString(folder.resolve("plots/two-budgets.svg"))).contains(">512<", ">1024<");
        assertThat(html.split(">1024<", -1)).as("in the wide plot, the narrow one and the table").hasSize(3 + 2);
    }

    @Test
    void namesBarsOfASingleGroupBelowThem() throws Exception {
        BarChart bars = new BarChart("one budget", "", "budget", List.of("256"), Axis.share("found"),
                List.of(new BarChart.Bars("full", List.of(Estimate.of(1))),
                        new BarChart.Bars("h2o", List.of(new Estimate(0, 0, 0.4)))));

        page(new Report("t", "", SampleReport.origin(), List.of(new ReportSection("s", "", List.of(bars))), List.of()));

        String svg = Files.readString(folder.resolve("plots/one-budget.svg"));
        assertThat(svg).containsOnlyOnce(">full<").containsOnlyOnce(">h2o<").contains(">budget: 256<");
        assertThat(svg).as("ticks are not where values happen to be").contains(">0<", ">20<", ">40<", ">60<", ">80<");
    }

    @Test
    void ticksOfBarsStandAtRoundNumbers() throws Exception {
        BarChart bars = new BarChart("times", "", "length", List.of("1k", "2k"), Axis.fromZero("time", "ms"),
                List.of(new BarChart.Bars("full", List.of(Estimate.of(7.3), Estimate.of(29.7))),
                        new BarChart.Bars("h2o", List.of(Estimate.of(7.3), Estimate.of(7.3)))));

        page(new Report("t", "", SampleReport.origin(), List.of(new ReportSection("s", "", List.of(bars))), List.of()));

        assertThat(Files.readString(folder.resolve("plots/times.svg"))).contains(">0<", ">10<", ">20<", ">30<");
    }

    private String page(Report report) throws IOException {
        return Files.readString(ReportWriter.write(report, folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    /** Our pages are XML but for the elements that HTML never closes. */
    private static Document parseHtml(String html) throws Exception {
        return parse(html.replace("<!doctype html>\n", "").replaceAll("<meta ([^>]*)>", "<meta $1/>"));
    }
}
