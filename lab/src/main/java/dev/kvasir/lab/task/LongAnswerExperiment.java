package dev.kvasir.lab.task;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.compare.Measures;
import dev.kvasir.lab.compare.RetrievalSections;
import dev.kvasir.lab.compare.Score;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A short prompt and a long answer, as of a model that reasons: nearly all tokens come one by one, so that the policy and
 * not the cut of a prompt decides what stays. The answer is a forced text, which is the same under every policy.
 */
public final class LongAnswerExperiment implements Experiment {
    private static final String PROMPT = "prompt";
    private static final String BY_QUARTER = "divergence_by_quarter";
    private static final int QUARTERS = 4;
    private static final Score DIVERGENCE = new Score("divergence",
            Axis.fromZero("Kullback-Leibler divergence from full attention", "nats"), Score.Kind.NUMBER,
            Score.Better.LOWER, 4);
    private static final Score PERPLEXITY = new Score("perplexity", Axis.of("perplexity", ""), Score.Kind.NUMBER,
            Score.Better.LOWER, 2);

    @Override
    public String name() {
        return "long-answer";
    }

    @Override
    public String summary() {
        return "what a long answer to a short prompt loses, token by token, by budget and policy";
    }

    @Override
    public String reproduces() {
        return "the setting of R-KV and RaaS, long reasoning after a short question, on a forced text";
    }

    @Override
    public String quickTime() {
        return "about 20 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.kv("streaming-llm,h2o,tova,roco,quest,arkvale"),
                Parameters.budget("128,256,512").quick("128"), Parameters.pageSize("16"), Parameters.digest(""),
                Parameters.length("2048").quick("384"),
                new Parameter(PROMPT, "TOKENS", "tokens of the prompt; the others are the answer", "64"),
                Parameters.repeat("8").quick("1"), Parameters.cases(""), ForcedText.text());
    }

    @Override
    public List<Cell> cells(Settings settings) {
        int prompt = settings.number(PROMPT);
        for (int length : settings.numbers(Parameters.LENGTH)) {
            if (length < prompt + QUARTERS) {
                throw new IllegalArgumentException(
                        "--prompt %d leaves no answer of --length %d: lower --prompt".formatted(prompt, length));
            }
        }
        return ForcedText.cellsOfAnyPrompt(settings);
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        ForcedText text = ForcedText.of(cell, lab,
                cell.number(Parameters.LENGTH) - lab.settings().number(PROMPT));
        CacheOptions full = cell.cache()
                .toBuilder()
                .policy(CacheOptions.FULL.policy())
                .budget(Budget.UNLIMITED)
                .policyOptions(Map.of())
                .build();
        try (var place = lab.place(cell.cache(), text.length(), CacheEvents.NONE);
                var control = lab.place(full, text.length(), CacheEvents.NONE)) {
            lab.checkStopped();
            control.session().prefill(text.prompt());
            place.session().prefill(text.prompt());
            int[] forced = text.forced();
            int compared = forced.length - 1; // the logits after the last token predict nothing here
            double loss = 0;
            double[] divergence = new double[QUARTERS];
            int[] steps = new int[QUARTERS];
            for (int i = 0; i < compared; i++) {
                lab.checkStopped();
                double[] expected = Logits.logProbabilities(control.session().step(forced[i]));
                double[] found = Logits.logProbabilities(place.session().step(forced[i]));
                int quarter = (int) ((long) i * QUARTERS / compared);
                divergence[quarter] += Logits.divergence(expected, found);
                steps[quarter]++;
                loss -= found[forced[i + 1]];
            }
            double mean = Arrays.stream(divergence).sum() / compared;
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                divergence[quarter] /= steps[quarter];
            }
            return List.of(Measures.with(Row.empty(), place.cache().stats())
                    .with("divergence", mean)
                    .with(BY_QUARTER, divergence)
                    .with("loss", loss / compared)
                    .with("perplexity", Math.exp(loss / compared))
                    .with("compared_tokens", compared));
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        for (Score score : List.of(DIVERGENCE, PERPLEXITY)) {
            for (ReportSection section : RetrievalSections.over(results, "length", "an answer up to token %s", score,
                    "")) {
                sections.add(new ReportSection("%s, %s".formatted(score.axis().label(), section.title()),
                        section.text(), section.findings(), section.figures()));
            }
        }
        sections.add(new ReportSection("Along the answer",
                "Whether the loss grows as the answer does: the mean divergence of each quarter of the answer.",
                List.of(byQuarter(results))));
        return sections;
    }

    private static DataTable byQuarter(Results results) {
        List<Column> columns = new ArrayList<>(List.of(Column.text("length"), Column.text("policy"),
                Column.text("budget")));
        for (int quarter = 1; quarter <= QUARTERS; quarter++) {
            columns.add(Column.number("quarter " + quarter));
        }
        List<List<String>> rows = new ArrayList<>();
        results.by("length", Grid.POLICY, Grid.BUDGET).forEach((key, part) -> {
            List<String> row = new ArrayList<>(key);
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                int at = quarter;
                row.add(String.format(Locale.ROOT, "%.4f",
                        part.all().stream().mapToDouble(result -> result.numbers(BY_QUARTER)[at]).average().orElse(0)));
            }
            rows.add(row);
        });
        return new DataTable("Divergence from full attention along the answer, nats", "", columns, rows);
    }
}
