package dev.kvasir.lab.study;

import dev.kvasir.kvcache.plan.CacheOptions;
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
import dev.kvasir.lab.study.timing.BatchRun;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.LineChart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The best tokens per second under a cap on device memory, over batch sizes: figure 9b of the paper. */
public final class ThroughputExperiment implements Experiment {
    private static final String BATCH = "batch";
    private static final String STEPS = "timed-steps";
    private static final String CAP = "cap-sequences";
    private static final String RATE = "tokens_per_second";
    private static final String ADMITTED = "admitted";
    private static final String MEMORY = "device_bytes";
    private static final String ABOUT = "Sequences of random keys and values decode together, one token each a step, with one pass over the weights. The device memory for pages and digests is capped; each policy may run as many sequences as are admitted, and its best batch counts. The cap does not include backups on the host, and the rate does not include reading prompts.";

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String summary() {
        return "best tokens/s under a cap on device memory, over batch sizes";
    }

    @Override
    public String reproduces() {
        return "figure 9b of the paper";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.kv("full,arkvale"), Parameters.length("4096,8192").quick("4096"),
                Parameters.budget("512,1024").quick("512"), Parameters.pageSize("32"),
                Parameters.repeat("3").quick("1"),
                new Parameter(BATCH, "N,…", "sequences that decode together; the largest number admitted is added",
                        "1,2,4,8,16,32").quick("1,2,4,8"),
                new Parameter(CAP, "N",
                        "device memory, as a number of full sequences whose keys and values it holds; not used with --device-memory",
                        "2"),
                new Parameter(STEPS, "N", "decode steps that are timed", "16").quick("8"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        settings.numbers(BATCH);
        settings.number(STEPS);
        settings.number(CAP);
        return Grid.of(settings)
                .repeats()
                .over(Parameters.LENGTH, settings.numbers(Parameters.LENGTH))
                .caches()
                .cells();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        int length = cell.number(Parameters.LENGTH);
        long cap = cell.cache().deviceMemory() > 0
                ? cell.cache().deviceMemory()
                : settings.number(CAP) * bytes(lab.model().config(), cell.cache(), length + settings.number(STEPS));
        CacheOptions capped = cell.cache().toBuilder().deviceMemory(cap).build();
        var run = new BatchRun(lab.model(), capped, length, settings.number(STEPS), cell.seed());
        var batches = new TreeSet<>(settings.numbers(BATCH));
        int admitted = admitted(run, batches.last());
        List<Row> rows = new ArrayList<>();
        batches.removeIf(batch -> batch > admitted);
        batches.add(admitted);
        for (int batch : batches) {
            long[] nanos = run.stepNanos(batch, lab::checkStopped);
            rows.add(Row.empty()
                    .on(BATCH, batch)
                    .with(RATE, BatchRun.tokensPerSecond(batch, nanos))
                    .with("step_ms", Arrays.stream(nanos).mapToDouble(n -> n / 1e6).toArray())
                    .with(ADMITTED, (long) admitted)
                    .with(MEMORY, cap));
        }
        return rows;
    }

    private static int admitted(BatchRun run, int most) {
        int admitted;
        try {
            admitted = run.admitted(most);
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
        if (admitted == 0) {
            throw new SkippedException("%s of device memory do not hold one sequence of %d tokens under %s"
                    .formatted(ByteSize.readable(run.options().deviceMemory()), run.length(),
                            run.options().policy().name()));
        }
        return admitted;
    }

    /** The bytes for the pages of one sequence, all in frames, with one page for the tokens of the steps. */
    private static long bytes(ModelConfig config, CacheOptions options, int tokens) {
        long pages = tokens / options.pageSize() + 1L;
        return pages * options.pageSize() * config.layers() * 2 * config.kvWidth() * options.kvType().bytes();
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        results.by(Parameters.LENGTH, Grid.PAGE_SIZE).forEach((key, part) -> {
            String title = "%s tokens, pages of %s, %s on the device".formatted(key.get(0), key.get(1),
                    ByteSize.readable((long) part.all().getFirst().number(MEMORY)));
            sections.add(new ReportSection(title, ABOUT, findings(part), List.of(chart(part), table(part))));
        });
        sections.add(new ReportSection("Best batch", "", List.of(best(results))));
        return sections;
    }

    private static List<Results> policies(Results results) {
        return List.copyOf(results.by(Grid.POLICY, Grid.BUDGET).values());
    }

    private static LineChart chart(Results results) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (Results policy : policies(results)) {
            List<LineChart.Point> points = new ArrayList<>();
            policy.values(BATCH)
                    .stream()
                    .sorted(Comparator.comparingInt(Integer::parseInt))
                    .forEach(batch -> points.add(new LineChart.Point(Integer.parseInt(batch),
                            Intervals.mean(policy.at(BATCH, batch).numbers(RATE)))));
            lines.add(LineChart.Line.measured(RatioToFull.label(policy.all().getFirst()), points));
        }
        return new LineChart("Tokens a second by batch", "a line ends where the memory admits no more sequences",
                Axis.log("sequences", ""), Axis.fromZero("decoded", "tokens/s"), lines);
    }

    /** The rate of the best batch in each repeat. */
    private static double[] bestRates(Results policy) {
        return policy.by(Grid.REPEAT)
                .values()
                .stream()
                .mapToDouble(repeat -> Arrays.stream(repeat.numbers(RATE)).max().orElse(Double.NaN))
                .toArray();
    }

    private static BarChart best(Results results) {
        List<String> lengths = results.values(Parameters.LENGTH);
        List<BarChart.Bars> series = new ArrayList<>();
        results.by(Grid.POLICY, Grid.BUDGET, Grid.PAGE_SIZE)
                .values()
                .forEach(policy -> series.add(new BarChart.Bars(
                        RatioToFull.label(policy.all().getFirst()) + (results.values(Grid.PAGE_SIZE).size() > 1
                                ? " · " + policy.all().getFirst().axis(Grid.PAGE_SIZE)
                                : ""),
                        lengths.stream()
                                .map(length -> Intervals.mean(bestRates(policy.at(Parameters.LENGTH, length))))
                                .toList())));
        return new BarChart("Best tokens a second under the cap", "", "tokens of each sequence", lengths,
                Axis.fromZero("decoded", "tokens/s"), series);
    }

    private static DataTable table(Results results) {
        List<List<String>> rows = new ArrayList<>();
        for (Results policy : policies(results)) {
            Result one = policy.all().getFirst();
            String bestBatch = policy.values(BATCH)
                    .stream()
                    .max(Comparator.comparingDouble(
                            batch -> Intervals.mean(policy.at(BATCH, batch).numbers(RATE)).value()))
                    .orElse("");
            rows.add(List.of(RatioToFull.label(one), "%.0f".formatted(one.number(ADMITTED)), bestBatch,
                    Intervals.rounded(Intervals.mean(bestRates(policy)), 1),
                    Intervals.rounded(ratio(results, policy), 2)));
        }
        return new DataTable("Best batch under the cap", "mean of the repeats, with its 95 % interval",
                List.of(DataTable.Column.text("policy"), DataTable.Column.number("admitted"),
                        DataTable.Column.number("best batch"), DataTable.Column.number("tokens/s"),
                        DataTable.Column.number("of full")),
                rows);
    }

    /** The best rate as a multiple of the best of {@code full}, repeat by repeat. */
    private static Estimate ratio(Results results, Results policy) {
        double[] own = bestRates(policy);
        double[] full = bestRates(results.at(Grid.POLICY, RatioToFull.FULL));
        double[] ratios = new double[Math.min(own.length, full.length)];
        Arrays.setAll(ratios, i -> own[i] / full[i]);
        return Intervals.mean(ratios);
    }

    private static List<String> findings(Results results) {
        return RatioToFull.findings(policies(results), policy -> ratio(results, policy),
                (one, ratio) -> "%s decodes %s times the tokens of full".formatted(RatioToFull.label(one),
                        Intervals.rounded(ratio, 2)));
    }
}
