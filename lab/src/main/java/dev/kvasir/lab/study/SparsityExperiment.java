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
import dev.kvasir.lab.study.trace.MassPages;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.BarChart;
import dev.kvasir.report.chart.DataTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The smallest number of pages that carry most of the attention mass, by layer: figure 3 of the paper. */
public final class SparsityExperiment implements Experiment {
    private static final String SHARES = "shares";
    private static final String SHARE = "share";
    private static final String LAYER = "layer";
    private static final String CARRYING = "carrying";
    private static final String PAGES = "pages";
    private static final String ABOUT = "The fewest pages that together carry a share of the attention mass of a decoded token, mean of the steps; mass is the mean of the query heads that choose pages together.";

    @Override
    public String name() {
        return "sparsity";
    }

    @Override
    public String summary() {
        return "pages that carry 90 % and 99 % of the attention mass, by layer";
    }

    @Override
    public String reproduces() {
        return "figure 3 of the paper";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.length("8192").quick("2048"), Parameters.pageSize("32"),
                new Parameter(SHARES, "SHARE,…", "shares of the attention mass", "0.9,0.99"),
                Parameters.repeat("8").quick("2"), Parameters.cases(""), TracedText.steps(TracedText.QUESTION),
                StudyText.parameter("passkey,lines").quick("passkey"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        shares(settings);
        return TracedText.cells(settings);
    }

    private static double[] shares(Settings settings) {
        double[] shares = settings.reals(SHARES).stream().mapToDouble(Double::doubleValue).toArray();
        for (double share : shares) {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "--%s %s is not a share: give numbers above 0 and up to 1".formatted(SHARES, share));
            }
        }
        return shares;
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        double[] shares = shares(settings);
        AttentionTrace trace = TracedText.record(cell, lab);
        int groups = cell.cache().groups().of(trace.shape().kvHeads());
        List<MassPages.Sample> samples = MassPages.of(trace, groups, cell.cache().pageSize(), shares);
        List<Row> rows = new ArrayList<>();
        for (int layer = 0; layer < trace.shape().layers(); layer++) {
            int of = layer;
            List<MassPages.Sample> steps = samples.stream().filter(sample -> sample.layer() == of).toList();
            double[] carrying = Series.mean(steps.stream().map(MassPages.Sample::carrying).toList());
            for (int i = 0; i < shares.length; i++) {
                rows.add(Row.empty()
                        .on(LAYER, layer)
                        .on(SHARE, shares[i])
                        .with(CARRYING, carrying[i])
                        .with(PAGES, (long) steps.getLast().pages()));
            }
        }
        return rows;
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        results.by(StudyText.TEXT, Parameters.LENGTH, Grid.PAGE_SIZE).forEach((key, part) -> {
            String title = "%s of %s tokens, %.0f pages of %s".formatted(key.get(0), key.get(1),
                    part.all().getFirst().number(PAGES), key.get(2));
            sections.add(new ReportSection(title, ABOUT, List.of(chart(part), table(part))));
        });
        return sections;
    }

    private static String percent(String share) {
        return String.format(Locale.ROOT, "%s %%",
                BigDecimal.valueOf(100).multiply(new BigDecimal(share)).stripTrailingZeros().toPlainString());
    }

    private static BarChart chart(Results results) {
        List<String> layers = results.values(LAYER);
        List<BarChart.Bars> series = new ArrayList<>();
        for (String share : results.values(SHARE)) {
            series.add(new BarChart.Bars(percent(share) + " of the mass", layers.stream()
                    .map(layer -> Intervals.mean(results.at(SHARE, share).at(LAYER, layer).numbers(CARRYING)))
                    .toList()));
        }
        return new BarChart("Pages that carry the attention mass", "", "layer", layers,
                Axis.fromZero("pages needed", "pages"), series);
    }

    private static DataTable table(Results results) {
        List<DataTable.Column> columns = new ArrayList<>(List.of(DataTable.Column.text("layer")));
        results.values(SHARE).forEach(share -> columns.add(DataTable.Column.number(percent(share))));
        List<List<String>> rows = new ArrayList<>();
        for (String layer : results.values(LAYER)) {
            List<String> row = new ArrayList<>(List.of(layer));
            results.values(SHARE)
                    .forEach(share -> row.add(Intervals.rounded(
                            Intervals.mean(results.at(SHARE, share).at(LAYER, layer).numbers(CARRYING)), 1)));
            rows.add(row);
        }
        return new DataTable("Pages that carry the attention mass",
                "mean of all texts, with its 95 % interval over the texts", columns, rows);
    }
}
