package dev.kvasir.lab.study;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.DataProblems;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Experiments;
import dev.kvasir.lab.Illustrated;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.bundled.BundledModel;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.report.chart.HeatMap;
import dev.kvasir.report.chart.LineChart;
import dev.kvasir.report.chart.StackedBars;
import dev.kvasir.report.gallery.GalleryScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Small grids on the bundled model, from settings to charts. */
class StudiesTest {
    @TempDir
    private static Path folder;
    private static OpenModel model;

    @BeforeAll
    static void open() {
        model = OpenModel.open(BundledModel.unpacked(folder),
                EngineOptions.defaults().withThreads(2));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Experiment named(String name) {
        return Experiments.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static Settings settings(Experiment experiment, Map<String, String> given) {
        Map<String, String> values = new HashMap<>();
        for (Parameter parameter : experiment.parameters()) {
            values.put(parameter.name(), given.getOrDefault(parameter.name(), parameter.quickValue()));
        }
        return new Settings(values, true, 1,
                policy -> CacheOptions.builder()
                        .policy(Policies.named(policy))
                        .denseLayers(0)
                        .budget(policy.equals("full") ? Budget.UNLIMITED : Budget.tokens(256))
                        .build(),
                DataProblems.STRICT);
    }

    private static Results run(String name, Map<String, String> given) {
        Experiment experiment = named(name);
        Settings settings = settings(experiment, given);
        List<Result> results = new ArrayList<>();
        Lab lab = new Lab(model, settings, () -> false); // not closed: the model is needed by the next test
        for (Cell cell : experiment.cells(settings)) {
            for (Row row : experiment.run(cell, lab)) {
                Map<String, String> axes = new LinkedHashMap<>(cell.axes());
                axes.putAll(row.axes());
                results.add(new Result(axes, row.values(), Map.of("engine", "vector")));
            }
        }
        return new Results(results);
    }

    /** The paper's figure 7 on the bundled model, at the steps of question and answer. */
    @Test
    void boundingVolumesFindMoreThanTheCentroid() {
        Results results = run("digests", Map.of("length", "4096", "page-size", "32", "repeat", "3"));
        Results all = results.at("pages", "all");
        double[] centroid = mean(all, "centroid", "mass");
        for (String digest : List.of("sphere-max", "sphere-center", "sphere-mean", "cuboid-max", "cuboid-center",
                "cuboid-mean", "cuboid-corners")) {
            double[] mass = mean(all, digest, "mass");
            for (int k : new int[]{2, 4, 8, 16, 40}) {
                assertThat(mass[k - 1]).as("attention mass of %s at k = %d", digest, k)
                        .isGreaterThan(centroid[k - 1]);
            }
            assertThat(mean(all, digest, "found")[3]).as("pages found by %s", digest)
                    .isGreaterThan(mean(all, "centroid", "found")[3]);
        }
        assertThat(mean(all, "exact", "found")).containsOnly(1.0);
        var sections = named("digests").sections(results);
        assertThat(sections).hasSize(2);
        assertThat(sections.getFirst().findings()).hasSize(2);
        LineChart chart = (LineChart) sections.getFirst().figures().getFirst();
        assertThat(chart.lines()).extracting(LineChart.Line::name)
                .contains("centroid", "cuboid-mean",
                        "paper: cuboid-mean")
                .doesNotContain("exact");
        assertThat(chart.lines().getFirst().points()).hasSize(40);
    }

    @Test
    void theGalleryShowsQueriesForWhichHullAndMeanRadiiDisagree() {
        Results results = run("digests", Map.of("length", "1024", "repeat", "2", "gallery", "true"));
        Illustrated digests = (Illustrated) named("digests");
        assertThat(digests.sections(results)).hasSize(2);
        List<GalleryScene> scenes = digests.scenes(results);
        assertThat(scenes).hasSizeBetween(1, 3).allSatisfy(scene -> {
            assertThat(scene.query()).hasSize(64);
            assertThat(scene.pages()).hasSizeBetween(3, 9);
            assertThat(scene.pages().getFirst().keys()).hasDimensions(16, 64);
        });
        assertThat(digests.scenes(run("digests", Map.of("length", "1024", "repeat", "1")))).isEmpty();
    }

    private static double[] mean(Results results, String digest, String measure) {
        return Series.mean(results.at("digest", digest).all().stream().map(r -> r.numbers(measure)).toList());
    }

    @Test
    void recallsFallWithCapacityAndRiseWithK() {
        Results results = run("recalls", Map.of("length", "1024", "page-size", "16", "steps", "24", "k", "4,8",
                "capacity", "16,8,4,32"));
        assertThat(results.size()).isEqualTo(4 + 3);
        HeatMap map = (HeatMap) named("recalls").sections(results).getFirst().figures().getFirst();
        assertThat(map.columns()).containsExactly("4", "8", "16", "32");
        assertThat(map.cells().get(1).getFirst()).isNaN();
        for (List<Double> row : map.cells()) {
            assertThat(row.stream().filter(value -> !value.isNaN()).toList())
                    .isSortedAccordingTo(Comparator.reverseOrder());
        }
        assertThat(map.cells().get(1).get(1)).isGreaterThan(map.cells().getFirst().get(1));
    }

    @Test
    void aLayerNeedsMorePagesForMoreOfTheMass() {
        Results results = run("sparsity", Map.of("length", "1024", "repeat", "1"));
        assertThat(results.values("layer")).containsExactly("0", "1", "2", "3");
        for (String layer : results.values("layer")) {
            Results own = results.at("layer", layer);
            double most = own.at("share", "0.9").numbers("carrying")[0];
            double nearlyAll = own.at("share", "0.99").numbers("carrying")[0];
            assertThat(most).isBetween(1.0, nearlyAll);
            assertThat(nearlyAll).isBetween(most, 32.0);
        }
        assertThat(named("sparsity").sections(results).getFirst().title())
                .isEqualTo("passkey of 1024 tokens, 32 pages of 32");
    }

    @Test
    void ranksOfChosenPagesChange() {
        Results results = run("dynamism", Map.of("length", "1024", "steps", "40", "page-size", "16"));
        for (String layer : results.values("layer")) {
            Results own = results.at("layer", layer);
            assertThat(own.numbers("ever_chosen")[0]).isGreaterThan(8);
            assertThat(own.values("page")).isNotEmpty();
        }
        LineChart chart = (LineChart) named("dynamism").sections(results).getFirst().figures().get(1);
        assertThat(chart.lines()).isNotEmpty()
                .allSatisfy(line -> assertThat(line.points())
                        .allSatisfy(point -> assertThat(point.y().value()).isBetween(1.0, 64.0)));
    }

    @Test
    void partsOfAStepAddUp() {
        Results results = run("latency", Map.of("length", "1024", "budget", "256", "timed-steps", "8", "page-size",
                "16"));
        assertThat(results.values("policy")).containsExactly("full", "arkvale");
        for (Result result : results.all()) {
            double sum = 0;
            for (String part : List.of("others", "estimate", "select", "recall", "attention")) {
                sum += result.number(part + "_ms");
            }
            assertThat(sum).isCloseTo(result.number("total_ms"), within(1e-9));
            assertThat(result.number("attention_ms")).isPositive();
            assertThat(result.number("estimate_ms") > 0).isEqualTo(result.axis("policy").equals("arkvale"));
        }
        var section = named("latency").sections(results).getFirst();
        StackedBars bars = (StackedBars) section.figures().getFirst();
        assertThat(bars.bars()).containsExactly("1024 · full", "1024 · arkvale 256");
        assertThat(bars.parts()).hasSize(5);
        assertThat(section.findings()).hasSize(1);
    }

    @Test
    void aCacheThatEvictsAdmitsMoreSequencesUnderTheSameCap() {
        Results results = run("throughput", Map.of("length", "1024", "budget", "128", "timed-steps", "2",
                "page-size", "16", "batch", "1,2,4,8"));
        double full = results.at("policy", "full").all().getFirst().number("admitted");
        double arkvale = results.at("policy", "arkvale").all().getFirst().number("admitted");
        assertThat(full).isEqualTo(2);
        assertThat(arkvale).isGreaterThan(full);
        assertThat(results.at("policy", "full").values("batch")).containsExactly("1", "2");
        assertThat(Arrays.stream(results.numbers("tokens_per_second")).min().orElse(0)).isPositive();
        assertThat(named("throughput").sections(results)).hasSize(2);
    }

    @Test
    void linesAreATextWithQuestionAndAnswer() {
        var text = StudyText.of("lines", model.tokenizer(), 1000, 3);
        assertThat(text.tokens()).hasSize(1000);
        assertThat(model.tokenizer().decode(Arrays.copyOfRange(text.tokens(), 1000 - text.question(), 1000)))
                .matches("What is in line ([A-Za-z ]+)\\?\nline \\1: <\\d{5}>");
        assertThat(StudyText.of("lines", model.tokenizer(), 1000, 3).tokens()).isEqualTo(text.tokens());
        assertThat(StudyText.of("lines", model.tokenizer(), 1000, 4).tokens()).isNotEqualTo(text.tokens());
    }

    @Test
    void aFileGivesAnotherPartToEachSeed() throws IOException {
        Path file = folder.resolve("text.txt");
        Files.writeString(file, "To be, or not to be, that is the question. ".repeat(40) + "The rest is silence.");
        var first = StudyText.of(file.toString(), model.tokenizer(), 100, 1);
        assertThat(first.tokens()).hasSize(100);
        assertThat(first.question()).isZero();
        assertThat(StudyText.of(file.toString(), model.tokenizer(), 100, 2).tokens()).isNotEqualTo(first.tokens());
        assertThatThrownBy(() -> StudyText.of(file.toString(), model.tokenizer(), 100_000, 1))
                .isInstanceOf(SkippedException.class)
                .hasMessageContaining("lower --length");
        assertThatThrownBy(() -> StudyText.of("no such file", model.tokenizer(), 100, 1))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("--text no such file");
    }

    @Test
    void aTextThatDoesNotHoldItsQuestionIsSkipped() {
        assertThatThrownBy(() -> run("sparsity", Map.of("length", "50"))).isInstanceOf(SkippedException.class)
                .hasMessageContaining("raise --length");
    }

    @Test
    void settingsThatMakeNoSenseAreRefusedBeforeAnythingRuns() {
        for (var wrong : List.of(Map.of("shares", "1.5"), Map.of("steps", "few"), Map.of("page-size", "12"))) {
            Experiment sparsity = named("sparsity");
            assertThatThrownBy(() -> sparsity.cells(settings(sparsity, wrong)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Experiment digests = named("digests");
        assertThatThrownBy(() -> digests.cells(settings(digests, Map.of("digest", "cube"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuboid-mean");
    }
}
