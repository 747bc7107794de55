package dev.kvasir.lab.task;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
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
import dev.kvasir.lab.question.Metric;
import dev.kvasir.lab.question.SplitPrompt;
import dev.kvasir.lab.question.TwoPhase;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import java.util.ArrayList;
import java.util.List;

/**
 * The user's own questions, several on one context. Generation is two-phase: the context is read at once, a question
 * token by token under the policy. Each question is asked right after the context, so that no question sees another; with
 * {@code --in-turn} the context is read once, and each question follows the answer to the one before.
 */
public final class QuestionsExperiment implements Experiment {
    private static final String DATA = "data";
    private static final String CHAT = "chat";
    private static final String IN_TURN = "in-turn";
    private static final String FORMAT = "question-format";
    private static final String MAX_TOKENS = "max-tokens";
    private static final String PLACE = "{question}";
    private static final Score CONTAINED = Score.accuracy("contained", "answers that contain the right one");
    private static final Score EXACT = Score.accuracy("exact", "answers that are the right one");
    private static final Score F1 = new Score("f1", Axis.share("F1 of the words"), Score.Kind.SHARE,
            Score.Better.HIGHER, 0);

    @Override
    public String name() {
        return "questions";
    }

    @Override
    public String summary() {
        return "how many of your own questions about your own texts are answered, by file, budget and policy";
    }

    @Override
    public String reproduces() {
        return "nothing in a paper; the texts, questions and answers are those of --data";
    }

    @Override
    public String quickTime() {
        return "about 10 s for each file of contexts of 2000 tokens";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(DATA, "FILE,…",
                        "files of cases, a JSON object a line: context, question and answer, or context, questions and answers",
                        ""),
                Parameters.cases(""), Parameters.kv("full,streaming-llm,h2o,tova,arkvale"),
                Parameters.budget("256,512,1024").quick("256"), Parameters.pageSize("16"), Parameters.digest(""),
                new Parameter(Parameters.LENGTH, "TOKENS",
                        "tokens of a context with its questions; the middle of longer ones is left out (default: the context that the model was trained for)",
                        ""),
                new Parameter(MAX_TOKENS, "TOKENS", "the most new tokens of an answer", "32").quick("16"),
                new Parameter(FORMAT, "TEXT", "what follows the context; {question} is the question, \\n a new line",
                        "\\nQuestion: {question}\\nAnswer:"),
                Parameter.toggle(IN_TURN,
                        "read each context once and ask its questions one after another: a question sees the ones before and their answers"),
                Parameter.toggle(CHAT, "send context and question as a chat message"));
    }

    @Override
    public List<Cell> cells(Settings settings) {
        List<String> files = settings.words(DATA);
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no data: name a file of contexts, questions and answers with --data");
        }
        check(settings);
        return DataLines.cells(settings, files, QuestionCase::problem);
    }

    private static void check(Settings settings) {
        settings.number(MAX_TOKENS);
        if (!settings.text(Parameters.LENGTH).isEmpty()) {
            settings.number(Parameters.LENGTH);
        }
        if (!settings.text(FORMAT).contains(PLACE)) {
            throw new IllegalArgumentException(
                    "--question-format '%s' has no place for the question: write {question} into it"
                            .formatted(settings.text(FORMAT)));
        }
        if (settings.is(IN_TURN) && settings.is(CHAT)) {
            throw new IllegalArgumentException("--in-turn and --chat do not go together: leave one of them out");
        }
    }

    @Override
    public List<Row> run(Cell cell, Lab lab) {
        QuestionCase asked = QuestionCase.of(DataLines.of(cell));
        List<SplitPrompt> prompts = asked.questions()
                .stream()
                .map(question -> prompt(asked.context(), question, lab))
                .toList();
        List<Row> rows = new ArrayList<>();
        if (lab.settings().is(IN_TURN)) {
            SplitPrompt.Tokens first = tokens(prompts.get(0), lab);
            List<int[]> questions = new ArrayList<>(List.of(first.question()));
            prompts.stream().skip(1).map(next -> next.questionAfterAnswer(lab.tokenizer())).forEach(questions::add);
            int[] context = shortened(first.context(), questions, lab);
            TwoPhase run = ask(cell, lab, context, questions);
            for (int i = 0; i < questions.size(); i++) {
                rows.add(row(asked, i, run, run.answers().get(i), context.length, lab));
            }
        } else {
            for (int i = 0; i < prompts.size(); i++) {
                SplitPrompt.Tokens tokens = tokens(prompts.get(i), lab);
                List<int[]> question = List.of(tokens.question());
                int[] context = shortened(tokens.context(), question, lab);
                TwoPhase run = ask(cell, lab, context, question);
                rows.add(row(asked, i, run, run.answer(), context.length, lab));
            }
        }
        return rows;
    }

    private static SplitPrompt prompt(String context, String question, Lab lab) {
        String format = lab.settings().text(FORMAT).replace("\\n", "\n");
        return new SplitPrompt(context, format.replace(PLACE, question));
    }

    private static SplitPrompt.Tokens tokens(SplitPrompt prompt, Lab lab) {
        return lab.settings().is(CHAT)
                ? prompt.message(lab.model().file(), lab.tokenizer())
                : prompt.words(lab.tokenizer());
    }

    /** The context, without its middle if it does not fit beside the questions and all answers but the last. */
    private static int[] shortened(int[] context, List<int[]> questions, Lab lab) {
        int answer = lab.settings().number(MAX_TOKENS);
        int asked = questions.stream().mapToInt(question -> question.length).sum() + (questions.size() - 1) * answer;
        String given = lab.settings().text(Parameters.LENGTH);
        int length = given.isEmpty()
                ? lab.model().config().contextLength() - answer
                : lab.settings().number(Parameters.LENGTH);
        try {
            return new SplitPrompt.Tokens(context, new int[asked]).withoutMiddle(length).context();
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TwoPhase ask(Cell cell, Lab lab, int[] context, List<int[]> questions) {
        int answer = lab.settings().number(MAX_TOKENS);
        int capacity = context.length
                + questions.stream().mapToInt(question -> question.length + answer).sum();
        boolean isLine = !lab.settings().is(CHAT);
        try (var place = lab.place(cell.cache(), capacity, CacheEvents.NONE)) {
            return TwoPhase.askAll(place.cache(), place.session(), lab.tokenizer(), context, questions, answer,
                    written -> isLine && hasLine(written), lab::checkStopped);
        }
    }

    private static boolean hasLine(CharSequence written) {
        return written.toString().stripLeading().indexOf('\n') >= 0;
    }

    private static Row row(QuestionCase asked, int question, TwoPhase run, String written, int contextTokens,
            Lab lab) {
        String answer = lab.settings().is(CHAT)
                ? written.strip()
                : written.strip().lines().findFirst().orElse("");
        List<String> right = asked.answers().get(question);
        return Measures.of(run)
                .on("question", question + 1)
                .with("contained", Metric.CONTAINED.best(answer, right, List.of()) > 0)
                .with("exact", Metric.EXACT.best(answer, right, List.of()) > 0)
                .with("f1", Metric.bestF1(answer, right))
                .with("answer", answer)
                .with("expected", String.join(" | ", right))
                .with("tokens", contextTokens);
    }

    @Override
    public List<ReportSection> sections(Results results) {
        List<ReportSection> sections = new ArrayList<>();
        for (Score score : List.of(CONTAINED, EXACT, F1)) {
            for (ReportSection section : RetrievalSections.over(results, DataLines.SOURCE, "the questions of %s", score,
                    "")) {
                sections.add(new ReportSection("%s, %s".formatted(score.axis().label(), section.title()),
                        section.text(), section.findings(), section.figures()));
            }
        }
        return sections;
    }
}
