package dev.kvasir.lab.study;

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
import dev.kvasir.lab.statistics.Intervals;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.RankHistory;
import dev.kvasir.lab.study.trace.RankingScope;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.LineChart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the importance of pages changes while a text is decoded: figure 4a of the paper. */
public final class DynamismExperiment implements Experiment {
    private static final String K = "k";
    private static final String SHOWN = "shown";
    private static final String LAYER = "layer";
    private static final String PAGE = "page";
    private static final String RANKS = "ranks";
    private static final String FIRST = "first_step";
    private static final int FAR = 4; // times k: a page with a higher rank is far from being chosen
    private static final int LAYERS_SHOWN = 6;
    private static final String ABOUT = "Pages are ranked by their true importance at every decode step, without sinks and window. The charts show the pages of the first text that were among the first k at some step and whose rank varies most. A cache must be able to bring back a page that falls behind and returns. Every rule that looks only at the past would have evicted it.";

    @Override
    public String name() {
        return "dynamism";
    }

    @Override
    public String summary() {
        return "rank of chosen pages over the steps: unimportant pages become important";
    }

    @Override
    public String reproduces() {
        return "figure 4a of the paper";
    }

    @Override
    public String quickTime() {
        return "about 10 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.length("4096").quick("2048"), Parameters.pageSize("32"),
                new Parameter(K, "PAGES", "pages that count as chosen", "8"),
                new Parameter(SHOWN, "PAGES", "pages to draw for each layer", "3"),
                Parameters.repeat("4").quick("1"), Parameters.cases(""), TracedText.steps("256").quick("96"),
                StudyText.parameter("passkey"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        settings.number(K);
        settings.number(SHOWN);
        return TracedText.cells(settings);
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        var settings = lab.settings();
        AttentionTrace trace = TracedText.record(cell, lab);
        var scope = RankingScope.candidates(cell.cache());
        List<Row> rows = new ArrayList<>();
        for (int layer = 0; layer < trace.shape().layers(); layer++) {
            lab.checkStopped();
            addLayer(rows, Row.empty().on(LAYER, layer), settings, RankHistory.of(trace, layer, 0, scope), trace);
        }
        return rows;
    }

    private static void addLayer(List<Row> rows, Row row, Settings settings, RankHistory history,
            AttentionTrace trace) {
        int k = settings.number(K);
        rows.add(row.with("replaced", history.replaced(k))
                .with("ever_chosen", (long) history.everChosen(k))
                .with("returned", (long) history.returned(k, FAR * k))
                .with("pages", (long) history.ranks()[trace.steps() - 1].length));
        for (int page : history.liveliest(k, settings.number(SHOWN))) {
            double[] ranks = history.of(page);
            int first = 0;
            while (first < ranks.length && Double.isNaN(ranks[first])) {
                first++;
            }
            rows.add(row.on(PAGE, page)
                    .with(FIRST, (long) first + 1)
                    .with(RANKS, Arrays.stream(ranks).skip(first).map(rank -> rank + 1).toArray()));
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        results.by(StudyText.TEXT, Parameters.LENGTH, Grid.PAGE_SIZE).forEach((key, part) -> {
            List<Figure> figures = new ArrayList<>(List.of(table(part)));
            part.values(LAYER)
                    .stream()
                    .limit(LAYERS_SHOWN)
                    .forEach(layer -> figures.add(chart(part.at(LAYER, layer), layer)));
            sections.add(new ReportSection("%s of %s tokens, pages of %s".formatted(key.get(0), key.get(1), key.get(2)),
                    ABOUT, figures));
        });
        return sections;
    }

    private static LineChart chart(Results results, String layer) {
        List<LineChart.Line> lines = new ArrayList<>();
        String first = results.values(Grid.REPEAT).getFirst();
        for (Result result : results.at(Grid.REPEAT, first).all()) {
            double[] ranks = result.numbers(RANKS);
            List<LineChart.Point> points = new ArrayList<>();
            for (int i = 0; i < ranks.length; i++) {
                points.add(LineChart.Point.of(result.number(FIRST) + i, ranks[i]));
            }
            if (!points.isEmpty()) {
                lines.add(LineChart.Line.measured("page " + result.axis(PAGE), points));
            }
        }
        return new LineChart("Rank of pages in layer " + layer, "1 is the most important page",
                Axis.of("decode step", ""), Axis.log("rank", "pages"), lines);
    }

    private static DataTable table(Results results) {
        List<List<String>> rows = new ArrayList<>();
        for (String layer : results.values(LAYER)) {
            Results own = results.at(LAYER, layer);
            rows.add(List.of(layer, Intervals.rounded(Intervals.mean(own.numbers("pages")), 0),
                    Intervals.percent(Intervals.mean(own.numbers("replaced"))),
                    Intervals.rounded(Intervals.mean(own.numbers("ever_chosen")), 1),
                    Intervals.rounded(Intervals.mean(own.numbers("returned")), 1)));
        }
        return new DataTable("How the first k pages change",
                "replaced: share of the first k that was not among them one step before; ever: pages that were among the first k at some step; returned: those of them that fell behind the first 4 k in between; mean of all texts, with its 95 % interval",
                List.of(DataTable.Column.text("layer"), DataTable.Column.number("pages"),
                        DataTable.Column.number("replaced a step"), DataTable.Column.number("ever"),
                        DataTable.Column.number("returned")),
                rows);
    }
}
