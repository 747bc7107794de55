package dev.kvasir.runner.experiment.study;

import dev.kvasir.kernels.page.DigestKind;
import dev.kvasir.runner.experiment.Cell;
import dev.kvasir.runner.experiment.Experiment;
import dev.kvasir.runner.experiment.Grid;
import dev.kvasir.runner.experiment.Lab;
import dev.kvasir.runner.experiment.Parameter;
import dev.kvasir.runner.experiment.Parameters;
import dev.kvasir.runner.experiment.Results;
import dev.kvasir.runner.experiment.Row;
import dev.kvasir.runner.experiment.Settings;
import dev.kvasir.runner.experiment.study.trace.AttentionTrace;
import dev.kvasir.runner.experiment.study.trace.DigestComparison;
import dev.kvasir.runner.experiment.study.trace.Judged;
import dev.kvasir.runner.report.Table;
import dev.kvasir.runner.report.Table.Lean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How many of the pages that matter each digest finds: figure 7 of the paper. */
public final class DigestsExperiment implements Experiment {
    private static final String MAX_K = "max-k";
    private static final String DIGEST = "digest";
    private static final String PAGES = "pages";
    private static final String LAYER = "layer";
    private static final String FOUND = "found";
    private static final String MASS = "mass";
    private static final List<Integer> SHOWN = List.of(1, 2, 4, 8, 16, 40);

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
        return "20 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.length("4096,8192").quick("2048"), Parameters.pageSize("16,32").quick("16"),
                Parameters.digest(Arrays.stream(DigestKind.values())
                        .map(DigestKind::optionName)
                        .collect(Collectors.joining(","))),
                Parameters.repeat("8").quick("2"), TracedText.steps("64").quick("32"), StudyText.PARAMETER,
                new Parameter(MAX_K, "N", "pages chosen, at most", "40"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        kinds(settings);
        return Grid.of(settings).over(Parameters.LENGTH, settings.numbers(Parameters.LENGTH)).repeats().cells();
    }

    private static List<DigestKind> kinds(Settings settings) {
        return settings.words(DIGEST)
                .stream()
                .map(word -> Arrays.stream(DigestKind.values())
                        .filter(kind -> kind.optionName().equals(word))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no digest '%s', only %s".formatted(
                                word,
                                Arrays.stream(DigestKind.values())
                                        .map(DigestKind::optionName)
                                        .collect(Collectors.joining(", "))))))
                .toList();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        var trace = TracedText.record(cell, lab);
        List<Row> rows = new ArrayList<>();
        for (int pageSize : settings.numbers(Parameters.PAGE_SIZE)) {
            var options = TracedText.options(settings, pageSize);
            Map<String, Judged> choices = new LinkedHashMap<>();
            choices.put("all", Judged.all(options));
            choices.put("candidates", Judged.candidates(options));
            choices.forEach((pages, judged) -> {
                lab.checkStopped();
                var comparison = new DigestComparison(judged, kinds(settings), settings.number(MAX_K));
                for (Row row : rows(comparison, trace)) {
                    rows.add(row.on(Grid.PAGE_SIZE, pageSize).on(PAGES, pages));
                }
            });
        }
        return rows;
    }

    /** A row a digest and layer: the means of its steps. */
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
    public List<Table> tables(Results results) {
        List<Table> tables = new ArrayList<>();
        results.by(PAGES, Parameters.LENGTH, Grid.PAGE_SIZE).forEach((key, part) -> {
            tables.add(table(key, part, FOUND));
            tables.add(table(key, part, MASS));
        });
        return tables;
    }

    private static Table table(List<String> key, Results results, String measure) {
        var table = new Table().column("%s pages, %s tokens, pages of %s: %s".formatted(key.get(0), key.get(1),
                key.get(2), measure.equals(FOUND) ? "found of the top k" : "attention mass of those chosen"),
                Lean.LEFT);
        SHOWN.forEach(k -> table.column("k = " + k, Lean.RIGHT));
        for (String digest : results.values(DIGEST)) {
            double[] mean = Series
                    .mean(results.at(DIGEST, digest).all().stream().map(r -> r.numbers(measure)).toList());
            List<String> row = new ArrayList<>(List.of(digest));
            SHOWN.forEach(k -> row.add(
                    k <= mean.length ? String.format(Locale.ROOT, "%.1f %%", 100 * mean[k - 1]) : ""));
            table.row(row.toArray(String[]::new));
        }
        return table;
    }
}
