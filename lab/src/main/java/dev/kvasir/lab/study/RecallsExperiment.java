package dev.kvasir.lab.study;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.RecallGrid;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Estimate;
import dev.kvasir.report.chart.HeatMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The number of pages that a step recalls, by chosen pages and pages with a frame: figure 4b of the paper. */
public final class RecallsExperiment implements Experiment {
    private static final String K = "k";
    private static final String CAPACITY = "capacity";
    private static final String RECALLS = "recalls";
    private static final String LAYERS = "layers";
    private static final String ABOUT = "The model reads a text with full attention. The eviction and recall of ArkVale are simulated along it for every number k of pages chosen a step and every capacity of pages with a frame (sinks and window not counted). At first the best pages of the prompt have frames. Each step needs its k best pages, recalls those without a frame, and evicts the least important others for them. The numbers are pages recalled a decode step, summed over the layers that evict.";

    @Override
    public String name() {
        return "recalls";
    }

    @Override
    public String summary() {
        return "pages recalled a step, by chosen pages and pages with a frame";
    }

    @Override
    public String reproduces() {
        return "figure 4b of the paper";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.length("8192").quick("4096"), Parameters.pageSize("32"),
                new Parameter(K, "PAGES,…", "pages chosen a step", "4,6,8,12,16,24,32,40,64"),
                new Parameter(CAPACITY, "PAGES,…", "pages with a frame, not counting sinks and window",
                        "4,6,8,12,16,24,32,40,64,96,128"),
                Parameters.repeat("4").quick("1"), Parameters.cases(""), TracedText.steps("256").quick("64"),
                StudyText.parameter("passkey"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        settings.numbers(K);
        settings.numbers(CAPACITY);
        return TracedText.cells(settings);
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        AttentionTrace trace = TracedText.record(cell, lab);
        int[] ks = settings.numbers(K).stream().mapToInt(Integer::intValue).toArray();
        int[] capacities = settings.numbers(CAPACITY).stream().mapToInt(Integer::intValue).toArray();
        int dense = Math.min(cell.cache().denseLayers(), trace.shape().layers());
        double[][] recalls = new RecallGrid(ks, capacities).recallsPerStep(trace, cell.cache());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ks.length; i++) {
            for (int j = 0; j < capacities.length; j++) {
                if (capacities[j] >= ks[i]) {
                    rows.add(Row.empty()
                            .on(K, ks[i])
                            .on(CAPACITY, capacities[j])
                            .with(RECALLS, recalls[i][j])
                            .with(LAYERS, (long) trace.shape().layers() - dense));
                }
            }
        }
        return rows;
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        results.by(StudyText.TEXT, Parameters.LENGTH, Grid.PAGE_SIZE).forEach((key, part) -> {
            String title = "%s of %s tokens, pages of %s".formatted(key.get(0), key.get(1), key.get(2));
            sections.add(new ReportSection(title, ABOUT, List.of(heatMap(part), table(part))));
        });
        return sections;
    }

    private static double mean(Results results, String k, String capacity) {
        return Intervals.mean(results.at(K, k).at(CAPACITY, capacity).numbers(RECALLS)).value();
    }

    private static HeatMap heatMap(Results results) {
        List<String> capacities = capacities(results);
        List<List<Double>> cells = new ArrayList<>();
        for (String k : results.values(K)) {
            cells.add(capacities.stream().map(capacity -> mean(results, k, capacity)).toList());
        }
        return new HeatMap("Pages recalled a step",
                "%.0f layers evict; a cell below the diagonal would choose more pages than there are frames"
                        .formatted(results.all().getFirst().number(LAYERS)),
                "capacity (pages)", capacities, "k (pages)", results.values(K),
                Axis.fromZero("recalls a step", "pages"),
                cells);
    }

    private static DataTable table(Results results) {
        List<String> capacities = capacities(results);
        List<DataTable.Column> columns = new ArrayList<>(List.of(DataTable.Column.text("k \\ capacity")));
        capacities.forEach(capacity -> columns.add(DataTable.Column.number(capacity)));
        List<List<String>> rows = new ArrayList<>();
        for (String k : results.values(K)) {
            List<String> row = new ArrayList<>(List.of(k));
            capacities.forEach(capacity -> row.add(Intervals.rounded(
                    Estimate.of(mean(results, k, capacity)), 2)));
            rows.add(row);
        }
        return new DataTable("Pages recalled a step", "mean of all texts", columns, rows);
    }

    private static List<String> capacities(Results results) {
        return results.values(CAPACITY).stream().sorted(Comparator.comparingInt(Integer::parseInt)).toList();
    }
}
