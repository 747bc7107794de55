package dev.kvasir.lab.task;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.compare.Measures;
import dev.kvasir.lab.compare.RetrievalSections;
import dev.kvasir.lab.compare.Score;
import dev.kvasir.lab.question.TwoPhase;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import java.util.ArrayList;
import java.util.List;

/** RULER's synthetic tasks (Hsieh et al., 2024) by length, budget and policy, in two phases. */
public final class NeedlesExperiment implements Experiment {
    private static final String TASK = "task";
    private static final Score SCORE = new Score("score", Axis.share("share of the answers given"), Score.Kind.SHARE,
            Score.Better.HIGHER, 0);

    @Override
    public String name() {
        return "needles";
    }

    @Override
    public String summary() {
        return "how many of several needles, chained variables or frequent words are found, by task, length, budget and policy";
    }

    @Override
    public String reproduces() {
        return "RULER's synthetic tasks";
    }

    @Override
    public String quickTime() {
        return "about 20 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(TASK, "NAME,…", "tasks: " + String.join(", ", NeedleTask.words()),
                        String.join(",", NeedleTask.words())).quick("single,multi-key,multi-query")
                        .choices(NeedleTask.words()),
                Parameters.kv("full,streaming-llm,h2o,tova,arkvale"), Parameters.budget("512").quick("256"),
                Parameters.pageSize("16"), Parameters.digest(""), Parameters.length("4096").quick("2048"),
                Parameters.repeat("10").quick("3"), Parameters.cases(""), Wording.PARAMETER);
    }

    @Override
    public List<Cell> cells(Settings settings) {
        Wording.check(settings);
        settings.words(TASK).forEach(NeedleTask::named);
        return Grid.of(settings)
                .over(TASK, settings.words(TASK))
                .over("length", settings.numbers(Parameters.LENGTH))
                .repeats()
                .caches()
                .cells();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        NeedleText text = made(cell, lab);
        try (var place = lab.place(cell.cache(), text.capacity(), CacheEvents.NONE)) {
            TwoPhase run = TwoPhase.askAll(place.cache(), place.session(), lab.tokenizer(), text.context(),
                    text.questions(), text.answerTokens(), written -> false, lab::checkStopped);
            return List.of(Measures.of(run)
                    .with("score", text.score(run.answer()))
                    .with("answer", run.answer())
                    .with("expected", String.join(", ", text.answers())));
        }
    }

    private static NeedleText made(Cell cell, Lab lab) {
        try {
            return NeedleText.of(NeedleTask.named(cell.text(TASK)), Wording.of(lab.settings(), lab.tokenizer()),
                    lab.tokenizer(), cell.number("length"), cell.seed());
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        for (String task : results.values(TASK)) {
            sections.addAll(
                    RetrievalSections.over(results.at(TASK, task), "length", task + " in %s tokens", SCORE, ""));
        }
        return sections;
    }
}
