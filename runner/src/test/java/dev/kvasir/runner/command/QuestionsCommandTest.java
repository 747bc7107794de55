package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The experiment over the user's own questions, and the number of cases of every experiment. */
class QuestionsCommandTest {
    private static final String FILLER = " The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";
    private static final String ASKED = "What is the pass key? The pass key is";

    @TempDir
    private Path folder;

    /** A context in the wording that the bundled model was trained on. */
    private static String hidden(String key) {
        return ("There is an important info hidden inside a lot of irrelevant text. Find it and memorize it. "
                + "I will quiz you about the important information there." + FILLER.repeat(8)
                + "\\nThe pass key is %s. Remember it. %s is the pass key.\\n" + FILLER.repeat(12)).formatted(key, key);
    }

    private Outcome ask(String lines, String... more) throws IOException {
        Path data = Files.writeString(folder.resolve("own.jsonl"), lines);
        List<String> words = new ArrayList<>(List.of("experiment", "questions", "--data", data.toString(), "--kv",
                "full,streaming-llm", "--budget", "128", "--question-format", "\\n{question}", "-o",
                folder.resolve("out" + more.length).toString()));
        words.addAll(Arrays.asList(more));
        return new Cli().run(words.toArray(String[]::new));
    }

    private List<String> results(int more) throws IOException {
        return Files.readAllLines(folder.resolve("out" + more).resolve("results.jsonl"));
    }

    private static String twoQuestions() {
        return """
                {"context": "%s", "questions": ["%s", "%s"], "answers": ["48213", ["one", "48213"]]}
                {"context": "%s", "question": "%s", "answer": 11399}
                """.formatted(hidden("48213"), ASKED, ASKED, hidden("11399"), ASKED);
    }

    @Test
    void eachQuestionIsAskedRightAfterTheContextAndScored() throws IOException {
        Outcome outcome = ask(twoQuestions());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("answers that contain the right one", "F1 of the words");
        assertThat(results(0)).hasSize(6);
        List<String> full = results(0).stream().filter(line -> line.contains("\"policy\":\"full\"")).toList();
        assertThat(full).hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("\"contained\":true", "\"exact\":true", "\"f1\":1.0"));
        assertThat(full.get(1)).contains("\"part\":{\"question\":\"2\"}", "\"answer\":\"48213.\"",
                "\"expected\":\"one | 48213\"");
        String first = full.get(0).replaceAll("(?s).*\"decoded_tokens\":(\\d+).*", "$1");
        assertThat(full.get(1)).contains("\"decoded_tokens\":" + first + ","); // the second saw no first question
    }

    @Test
    void questionsInTurnAreAskedInOneReading() throws IOException {
        Outcome outcome = ask(twoQuestions(), "--in-turn");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<String> full = results(1).stream().filter(line -> line.contains("\"policy\":\"full\"")).toList();
        assertThat(full).hasSize(3).allSatisfy(line -> assertThat(line).contains("\"contained\":true"));
        String seconds = full.get(0).replaceAll("(?s).*(\"prefill_seconds\":[0-9.E-]+).*", "$1");
        assertThat(full.get(1)).contains(seconds);
    }

    @Test
    void linesThatAreNoCasesAreNamed() throws IOException {
        Outcome broken = ask(twoQuestions() + "{\"context\": \"a\"\n");
        Outcome kept = ask(twoQuestions() + "{\"context\": \"a\"\n", "--keep-going", "--cases", "1");
        Outcome empty = ask("", "--resume");
        Outcome none = new Cli().run("experiment", "questions", "-o", folder.resolve("x").toString());

        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("own.jsonl, line 3: is broken JSON: the line ends before its object does");
        assertThat(kept.code()).isZero();
        assertThat(kept.err()).contains("line 3").contains("4 results are in");
        assertThat(empty.code()).isEqualTo(1);
        assertThat(empty.err()).contains("own.jsonl is empty: it has no line with a JSON object");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("there is no data");
    }

    @Test
    void aRunIsNotContinuedOnOtherDataOfTheSameName() throws IOException {
        ask(twoQuestions());
        Files.writeString(folder.resolve("own.jsonl"), twoQuestions().replace("11399}", "11398}"));
        Outcome other = new Cli().run("experiment", "questions", "--resume", "-o", folder.resolve("out0").toString());

        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("holds another run: its hash of ", "own.jsonl is '", "this one's '");
    }

    @Test
    void aFormatWithoutAPlaceForTheQuestionIsRefused() throws IOException {
        Path data = Files.writeString(folder.resolve("own.jsonl"), twoQuestions());
        Outcome outcome = new Cli().run("experiment", "questions", "--data", data.toString(), "--question-format",
                "Answer:", "-o", folder.resolve("x").toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("has no place for the question: write {question} into it");
    }

    @Test
    void textsBeyondTheTrainedLengthAreWarnedOfOnce() {
        String warning = "the model was trained on texts of up to 512 tokens, and this run has 600";
        for (String experiment : List.of("passkey", "perplexity")) {
            Outcome beyond = new Cli().run("experiment", experiment, "-m", Cli.STORIES.toString(), "--length", "600",
                    "--quick", "--cases", "2", "--kv", "full", "-o", folder.resolve(experiment).toString());

            assertThat(beyond.err()).as(experiment).containsOnlyOnce("was trained on texts").contains(warning);
        }
        Outcome within = new Cli().run("experiment", "perplexity", "-m", Cli.STORIES.toString(), "--length", "500",
                "--quick", "--cases", "1", "--kv", "full", "-o", folder.resolve("within").toString());
        Outcome bench = new Cli().run("bench", "-m", Cli.STORIES.toString(), "-p", "0", "-n", "2", "-d", "600",
                "--fill",
                "random", "-r", "1", "--no-warmup");

        assertThat(within.err()).doesNotContain("trained");
        assertThat(bench.err()).contains("the model was trained on texts of up to 512 tokens, and this run has 602");
    }

    @Test
    void aLongAnswerIsComparedWithFullAttentionAlongTheWay() throws IOException {
        Path output = folder.resolve("long");
        Outcome outcome = new Cli().run("experiment", "long-answer", "--length", "400", "--cases", "1", "--kv",
                "full,streaming-llm", "--budget", "128", "-o", output.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<String> lines = Files.readAllLines(output.resolve("results.jsonl"));
        assertThat(lines.get(0)).contains("\"divergence\":0.0", "\"divergence_by_quarter\":[0.0,0.0,0.0,0.0]",
                "\"compared_tokens\":335");
        // 84 steps of the first quarter: 64 + 84 tokens, of which the first 128 lose nothing
        assertThat(lines.get(1)).doesNotContain("\"divergence\":0.0,").contains("\"evicted\":");
        assertThat(outcome.out()).contains("Divergence from full attention along the answer", "quarter 4");
        Outcome none = new Cli().run("experiment", "long-answer", "--length", "64", "-o", output + "2");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--prompt 64 leaves no answer of --length 64: lower --prompt");
    }

    @Test
    void casesMeanTheSameInEveryExperimentThatHasTexts() {
        for (String name : List.of("passkey", "lines", "needles", "longbench", "questions", "perplexity", "fidelity",
                "long-answer",
                "digests", "recalls", "sparsity", "dynamism")) {
            assertThat(new Cli().run("experiment", name, "--help").out().replaceAll("\\s+", " ")).as(name)
                    .contains("--cases=N the most texts at each length, task or file; of a file the first ones");
        }
    }

    @Test
    void casesLimitTheTextsOfMadeTasks() throws IOException {
        for (String[] task : new String[][]{{"passkey", "--depths", "4"}, {"lines", "--repeat", "3"},
            {"needles", "--task", "single"}}) {
            Path output = folder.resolve(task[0]);
            Outcome outcome = new Cli().run("experiment", task[0], task[1], task[2], "--cases", "2", "--kv",
                    "streaming-llm", "--budget", "128", "--length", "320", "-o", output.toString());

            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(Files.readAllLines(output.resolve("results.jsonl"))).as(task[0]).hasSize(2);
        }
    }
}
