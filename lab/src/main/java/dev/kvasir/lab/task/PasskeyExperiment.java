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
import dev.kvasir.lab.passkey.Passkey;
import dev.kvasir.lab.passkey.Trial;
import dev.kvasir.report.ReportSection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exact retrieval of a hidden number by length, depth, budget and policy (Mohtashami and Jaggi, 2023). Generation is
 * two-phase: the context is read at once, the question token by token under the policy.
 */
public final class PasskeyExperiment implements Experiment {
    private static final String DEPTHS = "depths";
    private static final Score FOUND = Score.accuracy("right", "pass keys found");

    @Override
    public String name() {
        return "passkey";
    }

    @Override
    public String summary() {
        return "how often a number hidden in a long text is found, by length, depth, budget and policy";
    }

    @Override
    public String reproduces() {
        return "table 1 of the ArkVale paper";
    }

    @Override
    public String quickTime() {
        return "about 15 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.kv("full,streaming-llm,h2o,tova,arkvale"),
                Parameters.budget("128,256,512,1024").quick("256"), Parameters.pageSize("16"),
                Parameters.digest(""), Parameters.length("4096,8192").quick("2048"),
                new Parameter(DEPTHS, "N",
                        "number of depths at which the number is hidden, from 0 %% on in equal steps; at most --cases",
                        "20")
                        .quick("5"),
                Parameters.repeat("1"), Parameters.cases(""));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        int depths = Math.min(settings.number(DEPTHS), Grid.cases(settings));
        int repeats = Math.clamp(Grid.cases(settings) / depths, 1, settings.number(Parameters.REPEAT));
        return Grid.of(settings)
                .over("length", settings.numbers(Parameters.LENGTH))
                .over("depth", IntStream.range(0, depths).mapToObj(i -> (double) i / depths).toList())
                .over(Grid.REPEAT, IntStream.range(0, repeats).boxed().toList())
                .caches()
                .cells();
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        Passkey passkey = hidden(cell, lab);
        try (var place = lab.place(cell.cache(), Trial.capacity(passkey), CacheEvents.NONE)) {
            Trial trial = Trial.run(place.cache(), place.session(), lab.tokenizer(), passkey, lab::checkStopped);
            return List.of(Measures.of(trial.run())
                    .with("right", trial.isRight())
                    .with("answer", trial.answer())
                    .with("expected", passkey.answer()));
        }
    }

    private static Passkey hidden(Cell cell, Lab lab) {
        try {
            return Passkey.hide(lab.tokenizer(), cell.number("length"), cell.real("depth"), cell.seed());
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>(RetrievalSections.over(results, "length",
                "pass keys in %s tokens", FOUND,
                "The paper, with LongChat-7b-v1.5-32k at 10,000 to 30,000 tokens and budgets of 512 to 4096: ArkVale finds "
                        + "95 to 100 % in all cells; the best of StreamingLLM, H2O and TOVA finds 40 % in one cell "
                        + "and at most 20 % in all others."));
        sections.add(RetrievalSections.depths(results, FOUND));
        return sections;
    }
}
