package dev.kvasir.lab.study;

import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.lab.study.timing.SessionRun;
import dev.kvasir.lab.study.timing.StepPart;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.StackedBars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** The parts of a decode step's time, by length, budget and engine: figure 9a of the paper. */
public final class LatencyExperiment implements Experiment {
    private static final String ENGINES = "engines";
    private static final String ENGINE = "on";
    private static final String STEPS = "timed-steps";
    private static final String TOTAL = "total_ms";
    private static final String RECALLED = "recalled";
    private static final String ABOUT = "A decode step of one sequence, split into estimate (importance of all pages from their digests), select (top-k), recall (starting recalls and waiting for copies), attention, and others (weights, norms, append, digest, tables). Each number is the mean of the middle half of the steps of the median repeat. The engines tornado and sim run whole graphs, whose parts cannot be timed: there everything except the wait for copies is in others.";

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String summary() {
        return "a decode step split into others, estimate, select, recall and attention";
    }

    @Override
    public String reproduces() {
        return "figure 9a of the paper";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.kv("full,arkvale"), Parameters.length("4096,8192,16384").quick("4096"),
                Parameters.budget("512,1024,2048").quick("512"), Parameters.pageSize("32"),
                Parameters.repeat("3").quick("1"),
                new Parameter(ENGINES, "NAME,…", "engines to compare (default: the one of --engine)", "")
                        .choices(Arrays.stream(EngineKind.values()).map(EngineKind::optionName).toList()),
                new Parameter(STEPS, "N", "decode steps that are timed", "48").quick("24"), Fill.parameter("prompt"),
                StudyText.parameter("passkey"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        settings.number(STEPS);
        Fill.of(settings);
        List<String> engines = settings.words(ENGINES)
                .stream()
                .map(name -> EngineKind.named(name).optionName())
                .toList();
        var grid = Grid.of(settings)
                .repeats()
                .over(StudyText.TEXT, settings.words(StudyText.TEXT))
                .over(Parameters.LENGTH, settings.numbers(Parameters.LENGTH));
        return (engines.isEmpty() ? grid : grid.onSameTexts(ENGINE, engines)).caches().cells();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        var kind = cell.axes().containsKey(ENGINE)
                ? EngineKind.named(cell.text(ENGINE))
                : lab.model().options().kind();
        OpenModel open = lab.open(kind);
        int length = cell.number(Parameters.LENGTH);
        int steps = settings.number(STEPS);
        if (length <= steps + SessionRun.WARM_UP) {
            throw new SkippedException("%d timed steps leave no prompt of %d tokens: lower --%s".formatted(steps,
                    length, STEPS));
        }
        boolean isRandom = Fill.of(settings) == Fill.RANDOM;
        int[] text = isRandom
                ? new SplittableRandom(cell.seed()).ints(length, 0, open.model().config().vocabulary()).toArray()
                : StudyText.of(cell.text(StudyText.TEXT), open.tokenizer(), length, cell.seed())
                        .tokens();
        try {
            var measured = new SessionRun(open.model(), cell.cache(), text, steps, isRandom, cell.seed())
                    .run(lab::checkStopped);
            Row row = Row.empty()
                    .with(TOTAL, measured.total())
                    .with(RECALLED, measured.recalled())
                    .with("split", measured.isSplit());
            for (var part : StepPart.values()) {
                row = row.with(name(part), measured.millis()[part.ordinal()]);
            }
            return List.of(row);
        } catch (IllegalArgumentException | KvMemoryException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String name(StepPart part) {
        return part.label() + "_ms";
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        results.by(ENGINE, StudyText.TEXT).forEach((key, part) -> {
            String engine = key.getFirst().isEmpty()
                    ? String.valueOf(part.all().getFirst().origin().get("engine"))
                    : key.getFirst();
            sections.add(new ReportSection("A decode step on %s, text: %s".formatted(engine, key.get(1)), ABOUT,
                    findings(part),
                    List.of(chart(part), table(part))));
        });
        return sections;
    }

    private static List<Results> bars(Results results) {
        return List.copyOf(results.by(Parameters.LENGTH, Grid.POLICY, Grid.BUDGET, Grid.PAGE_SIZE).values());
    }

    private static StackedBars chart(Results results) {
        List<Results> bars = bars(results);
        boolean manyPages = results.values(Grid.PAGE_SIZE).size() > 1;
        List<StackedBars.Part> parts = new ArrayList<>();
        for (var part : StepPart.values()) {
            parts.add(new StackedBars.Part(part.label(),
                    bars.stream().map(bar -> typical(bar).number(name(part))).toList()));
        }
        List<String> names = bars.stream()
                .map(bar -> bar.all().getFirst())
                .map(one -> one.axis(Parameters.LENGTH) + " · " + RatioToFull.label(one)
                        + (manyPages ? " · " + one.axis(Grid.PAGE_SIZE) : ""))
                .toList();
        return new StackedBars("Time of a decode step", "", "tokens · policy and budget", names,
                Axis.fromZero("time of a step", "ms"), parts);
    }

    private static DataTable table(Results results) {
        List<DataTable.Column> columns = new ArrayList<>(List.of(DataTable.Column.number("tokens"),
                DataTable.Column.text("policy"), DataTable.Column.number("page")));
        for (var part : StepPart.values()) {
            columns.add(DataTable.Column.number(part.label() + " ms"));
        }
        columns.add(DataTable.Column.number("total ms"));
        columns.add(DataTable.Column.number("speed-up"));
        columns.add(DataTable.Column.number("recalled pages"));
        List<List<String>> rows = new ArrayList<>();
        for (Results bar : bars(results)) {
            Result one = bar.all().getFirst();
            List<String> row = new ArrayList<>(
                    List.of(one.axis(Parameters.LENGTH), RatioToFull.label(one), one.axis(Grid.PAGE_SIZE)));
            for (var part : StepPart.values()) {
                row.add(Intervals.rounded(Estimate.of(typical(bar).number(name(part))), 3));
            }
            row.add(Intervals.rounded(Estimate.of(typical(bar).number(TOTAL)), 3));
            row.add(Intervals.rounded(speedUp(results, bar), 2));
            row.add(Intervals.rounded(Estimate.of(Intervals.mean(bar.numbers(RECALLED)).value()), 1));
            rows.add(row);
        }
        return new DataTable("Time of a decode step",
                "times of the repeat with the median step time; speed-up over full: mean of the repeats, with its 95 % interval",
                columns, rows);
    }

    /** The repeat with the median step time. Its parts add up, and a disturbed repeat does not count. */
    private static Result typical(Results bar) {
        List<Result> sorted = bar.all().stream().sorted(Comparator.comparingDouble(one -> one.number(TOTAL))).toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** The speed-up of a step over one of {@code full} at the same length, from the ratios of the repeats. */
    private static Estimate speedUp(Results results, Results bar) {
        List<Double> ratios = new ArrayList<>();
        for (Result result : bar.all()) {
            results.at(Grid.POLICY, RatioToFull.FULL)
                    .at(Parameters.LENGTH, result.axis(Parameters.LENGTH))
                    .at(Grid.PAGE_SIZE, result.axis(Grid.PAGE_SIZE))
                    .at(Grid.REPEAT, result.axis(Grid.REPEAT))
                    .all()
                    .forEach(full -> ratios.add(full.number(TOTAL) / result.number(TOTAL)));
        }
        return Intervals.mean(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<String> findings(Results results) {
        return RatioToFull.findings(bars(results), bar -> speedUp(results, bar),
                (one, ratio) -> "At %s tokens a step of full takes %s times as long as one of %s".formatted(
                        one.axis(Parameters.LENGTH), Intervals.rounded(ratio, 2), RatioToFull.label(one)));
    }
}
