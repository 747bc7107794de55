package dev.kvasir.lab.task;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.kvasir.lab.data.JsonLines;
import dev.kvasir.lab.question.SplitPrompt;
import dev.kvasir.lab.question.TwoPhase;
import dev.kvasir.report.ReportSection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Retrieval of the number in one of many similar lines: LongEval's files (Li et al., 2023), or generated records.
 * Generation is two-phase: the record is read at once, the question token by token under the policy.
 */
public final class LinesExperiment implements Experiment {
    private static final String DATA = "data";
    private static final String CHAT = "chat";
    private static final String MADE = "made";
    private static final int ANSWER_TOKENS = 16; // the most tokens of a number and the words before it
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d+\\D");
    private static final String ASKS = "\nNow the record is over.";
    private static final Score FOUND = Score.accuracy("right", "lines found");

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public String summary() {
        return "how often the number in one of hundreds of similar lines is found, by length, budget and policy";
    }

    @Override
    public String reproduces() {
        return "LongEval's line retrieval";
    }

    @Override
    public String quickTime() {
        return "about 15 s";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameters.kv("full,streaming-llm,h2o,tova,arkvale"),
                Parameters.budget("256,512,1024").quick("512"), Parameters.pageSize("16"), Parameters.digest(""),
                Parameters.length("4096").quick("2048"), Parameters.repeat("20").quick("4"), Parameters.cases(""),
                new Parameter(DATA, "FILE,…",
                        "LongEval files of cases (prompt, expected_number) in place of generated records; --length and --repeat then have no effect",
                        ""),
                Wording.PARAMETER, Parameter.toggle(CHAT, "send cases of --data as a chat message"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        Wording.check(settings);
        List<String> files = settings.words(DATA);
        if (files.isEmpty()) {
            return Grid.of(settings)
                    .over(DataLines.SOURCE, List.of(MADE))
                    .over("length", settings.numbers(Parameters.LENGTH))
                    .repeats()
                    .caches()
                    .cells();
        }
        return DataLines.cells(settings, files, LinesExperiment::problem);
    }

    private static Optional<String> problem(JsonNode line) {
        return JsonLines.missingText(line, "prompt")
                .or(() -> line.path("expected_number").isInt()
                        ? Optional.empty()
                        : Optional.of(JsonLines.wrong(line, "expected_number", "whole number")));
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        if (cell.text(DataLines.SOURCE).equals(MADE)) {
            LineText text = made(cell, lab);
            return List.of(ask(cell, lab, text.tokens(), text.answer()).with("place", text.place()));
        }
        JsonNode line = DataLines.of(cell);
        SplitPrompt prompt = split(line.path("prompt").asText());
        SplitPrompt.Tokens tokens = lab.settings().is(CHAT)
                ? prompt.message(lab.model().file(), lab.tokenizer())
                : prompt.words(lab.tokenizer());
        return List.of(ask(cell, lab, tokens, line.path("expected_number").asText()));
    }

    private static LineText made(Cell cell, Lab lab) {
        try {
            Wording wording = Wording.of(lab.settings(), lab.tokenizer());
            return LineText.of(wording, lab.tokenizer(), cell.number("length"), cell.seed());
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The record and the question after it. */
    private static SplitPrompt split(String prompt) {
        int end = prompt.lastIndexOf(ASKS);
        return end < 0 ? new SplitPrompt(prompt, "") : new SplitPrompt(prompt.substring(0, end), prompt.substring(end));
    }

    private static Row ask(Cell cell, Lab lab, SplitPrompt.Tokens tokens, String expected) {
        int capacity = tokens.count() + ANSWER_TOKENS;
        try (var place = lab.place(cell.cache(), capacity, CacheEvents.NONE)) {
            TwoPhase run = TwoPhase.ask(place.cache(), place.session(), lab.tokenizer(), tokens.context(),
                    tokens.question(), ANSWER_TOKENS, written -> WHOLE_NUMBER.matcher(written).find(),
                    lab::checkStopped);
            Matcher number = NUMBER.matcher(run.answer());
            String answer = number.find() ? number.group() : "";
            return Measures.of(run)
                    .with("right", answer.equals(expected))
                    .with("answer", answer)
                    .with("expected", expected)
                    .with("tokens", tokens.count());
        }
    }

    @Override
    public List<ReportSection> sections(Results results) {
        if (results.values("length").isEmpty()) {
            return RetrievalSections.over(results, DataLines.SOURCE, "lines of %s", FOUND, "");
        }
        return RetrievalSections.over(results, "length", "lines in %s tokens", FOUND,
                "All lines look alike: a page differs from its neighbours only in the keys of two words. "
                        + "Here a loose digest fails.");
    }
}
