package dev.kvasir.lab.longbench;

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
import dev.kvasir.model.FailureException;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * LongBench (Bai et al., 2024) on a folder with one file for each dataset: {@code hotpotqa.jsonl}, … with {@code
 * input}, {@code context}, {@code answers} and {@code all_classes}. Generation is two-phase: the prompt up to the end
 * of the context is read at once, the rest token by token under the policy.
 */
public final class LongBenchExperiment implements Experiment {
    private static final String DATA = "data";
    private static final String CHAT = "chat";
    private static final String DATASET = "dataset";
    private static final Score SCORE = new Score("score", Axis.share("score"), Score.Kind.SHARE, Score.Better.HIGHER,
            0);

    @Override
    public String name() {
        return "longbench";
    }

    @Override
    public String summary() {
        return "F1, ROUGE-L or accuracy on the LongBench files of a folder, by dataset, budget and policy";
    }

    @Override
    public String reproduces() {
        return "figure 8 of the ArkVale paper and the tables of its rebuttal";
    }

    @Override
    public String quickTime() {
        return "about 8 s for each dataset of the folder";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(DATA, "DIR", "folder of LongBench's files: hotpotqa.jsonl, gov_report.jsonl, …", ""),
                Parameters.cases("50").quick("2"),
                Parameters.kv("full,streaming-llm,h2o,tova,arkvale"),
                Parameters.budget("512,1024,2048,4096").quick("512"), Parameters.pageSize("32").quick("16"),
                Parameters.digest(""),
                new Parameter(Parameters.LENGTH, "TOKENS",
                        "tokens of a prompt; the middle of longer ones is left out (default: the context that the model was made for)",
                        "")
                        .quick("2048"),
                Parameter.toggle(CHAT, "send cases as a chat message, for the datasets for which LongBench does"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        String folder = settings.text(DATA);
        if (folder.isEmpty()) {
            throw new IllegalArgumentException("there is no data: name a folder of LongBench's files with --data");
        }
        if (!settings.text(Parameters.LENGTH).isEmpty()) {
            settings.number(Parameters.LENGTH); // rejects text that is not a number
        }
        List<Cell> cells = new ArrayList<>();
        for (Path file : files(JsonLines.path(folder), settings)) {
            String name = file.getFileName().toString();
            List<Integer> lines = new JsonLines(file).usable(LongBenchExperiment::problem, settings.dataProblems());
            cells.addAll(Grid.of(settings)
                    .over(DATASET, List.of(name.replaceFirst("\\.jsonl$", "")))
                    .over("line", Grid.cases(settings, lines))
                    .caches()
                    .cells());
        }
        return cells;
    }

    /** The files of known datasets by name. Other files are reported as problems. */
    private static List<Path> files(Path folder, Settings settings) {
        if (!Files.isDirectory(folder)) {
            throw new FailureException(
                    "%s is not a folder: name a folder with LongBench's files with --data".formatted(folder));
        }
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> known = new ArrayList<>();
            for (Path file : listed.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList()) {
                if (Dataset.ofFile(file.getFileName().toString()).isPresent()) {
                    known.add(file);
                } else {
                    settings.dataProblems().report("%s is not one of LongBench's datasets".formatted(file));
                }
            }
            if (known.isEmpty()) {
                throw new FailureException("%s has no LongBench file, such as hotpotqa.jsonl".formatted(folder));
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> problem(JsonNode line) {
        return JsonLines.missingText(line, "context")
                .or(() -> JsonLines.missingText(line, "input"))
                .or(() -> line.path("answers").isArray() && !line.path("answers").isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonLines.wrong(line, "answers", "list of texts")));
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        String name = cell.text(DATASET) + ".jsonl";
        Dataset dataset = Dataset.ofFile(name).orElseThrow();
        JsonNode line = new JsonLines(Path.of(lab.settings().text(DATA)).resolve(name)).line(cell.number("line"));
        SplitPrompt.Tokens tokens = tokens(dataset, line, lab);
        try (var place = lab.place(cell.cache(), tokens.count() + dataset.answerTokens(), CacheEvents.NONE)) {
            TwoPhase run = TwoPhase.ask(place.cache(), place.session(), lab.tokenizer(), tokens.context(),
                    tokens.question(), dataset.answerTokens(), written -> isComplete(dataset, written),
                    lab::checkStopped);
            String answer = dataset.counted(run.answer());
            return List.of(Measures.of(run)
                    .with("score", dataset.metric().best(answer, texts(line, "answers"), texts(line, "all_classes")))
                    .with("metric", dataset.metric().name().toLowerCase(Locale.ROOT))
                    .with("answer", answer)
                    .with("tokens", tokens.count()));
        }
    }

    private static SplitPrompt.Tokens tokens(Dataset dataset, JsonNode line, Lab lab) {
        SplitPrompt prompt = dataset.fill(line.path("context").asText(), line.path("input").asText());
        boolean isMessage = lab.settings().is(CHAT) && dataset.chat();
        SplitPrompt.Tokens whole = isMessage
                ? prompt.message(lab.model().file(), lab.tokenizer())
                : prompt.words(lab.tokenizer());
        String given = lab.settings().text(Parameters.LENGTH);
        int length = given.isEmpty()
                ? lab.model().config().contextLength() - dataset.answerTokens()
                : Integer.parseInt(given.strip());
        try {
            return whole.withoutMiddle(length);
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the scored part of the answer is complete. */
    private static boolean isComplete(Dataset dataset, CharSequence written) {
        String text = written.toString().replaceFirst("^\\n+", "");
        return dataset.firstLine() && text.indexOf('\n') >= 0;
    }

    private static List<String> texts(JsonNode line, String field) {
        List<String> texts = new ArrayList<>();
        line.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Override
    public List<ReportSection> sections(Results results) {
        return RetrievalSections.over(results, DATASET, "LongBench's %s", SCORE,
                "The paper's figure 8, with LongChat-7b-v1.5-32k and pages of 32, at budgets of 512, 1024, 2048 and 4096 and with everything kept: "
                        + "HotpotQA 28, 32, 33.5, 35.5 and 33; NarrativeQA 16, 19, 20, 20 and 20.6; Qasper 22.3, 27.2, 28.9, 29.4 and 29.2; "
                        + "GovReport 20.9, 23.8, 27.1, 29 and 30.7; TriviaQA 82.7, 83, 84, 83.5 and 83.5; "
                        + "PassageRetrieval 12.5, 19, 27.5, 29.5 and 30.5.");
    }
}
