package dev.kvasir.runner.command;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Experiments;
import dev.kvasir.lab.Parameters;
import dev.kvasir.runner.command.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ExperimentCommandTest {
    private static final Pattern TIMES = Pattern.compile("\"(seconds|\\w+_seconds)\":[0-9.E-]+");

    @TempDir
    private Path folder;

    private static Outcome run(Cli cli, Path output, String... more) {
        List<String> words = new ArrayList<>(List.of("experiment", "passkey", "--length", "320", "--depths", "2",
                "--kv", "full,streaming-llm", "-o", output.toString()));
        words.addAll(Arrays.asList(more));
        return cli.run(words.toArray(String[]::new));
    }

    private static Outcome runUnderTwoBudgets(Path output) {
        return run(new Cli(), output, "--budget", "64,128");
    }

    /** The lines without the times in them. */
    private static List<String> results(Path output) throws IOException {
        return Files.readAllLines(output.resolve("results.jsonl"))
                .stream()
                .map(line -> TIMES.matcher(line).replaceAll("$1"))
                .toList();
    }

    /** The output without the table of speeds, which differ from run to run. */
    private static String untimed(String out) {
        assertThat(out).contains("memory, pass keys found, speed");
        return out.replaceAll("(?s)[^\n]*, speed\n\n.*?\n\n", "");
    }

    @Test
    void aGridIsMeasuredWrittenAndShown() throws IOException {
        Outcome outcome = runUnderTwoBudgets(folder);

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("| full ").contains("budget 128 |").contains("| streaming-llm ");
        assertThat(outcome.err()).contains("skipped length=320 depth=0.0 repeat=0 policy=streaming-llm budget=64")
                .contains("and 1 more: budget 64 tokens holds 4 pages of 16; this policy needs at least 8")
                .contains("4 results are in");
        assertThat(results(folder)).hasSize(6) // two depths: full, two budgets
                .allSatisfy(line -> assertThat(line).contains("\"model_sha256\":\"70cf2", "\"seed\":1",
                        "\"engine\":\"vector\"", "\"sink_pages\":2", "\"policy_options\":{}", "\"version\":",
                        "\"machine\":", "\"build_commit\":", "\"provenance\":"));
        assertThat(Files.readAllLines(folder.resolve("results.csv"))).hasSize(5);
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void aRunGoesOnWhereItWasTornAndComesToTheSameResults() throws IOException {
        Path whole = folder.resolve("whole");
        Path torn = folder.resolve("torn");
        run(new Cli(), whole, "--budget", "128");
        run(new Cli(), torn, "--budget", "128");
        Path file = torn.resolve("results.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - bytes.length / 3));

        Outcome refused = run(new Cli(), torn, "--budget", "128");
        Outcome resumed = run(new Cli(), torn, "--budget", "128", "--resume");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("holds results of the same run: continue it with --resume");
        assertThat(resumed.code()).isZero();
        assertThat(results(torn)).isEqualTo(results(whole)).hasSize(4);
        assertThat(untimed(resumed.out()))
                .isEqualTo(untimed(run(new Cli(), whole, "--budget", "128", "--resume").out()));
    }

    @Test
    void aRunIsResumedByItsFolderAlone() throws IOException {
        run(new Cli().interrupted(), folder.resolve("other"), "--budget", "128,256", "--seed", "7", "--quick");

        Outcome resumed = new Cli().run("experiment", "passkey", "--resume", "-o", folder.resolve("other").toString());
        Outcome refused = new Cli().run("experiment", "passkey", "--resume", "-o", folder.resolve("other").toString(),
                "--budget", "64");

        assertThat(resumed.err()).contains("6 results are in");
        assertThat(resumed.code()).isZero();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("its --budget is '128,256', this one's '64'");
    }

    /** A jar with a policy of this name; each state of it is another class. */
    private Path thinning(int state) throws IOException {
        return PolicyJar.in(folder)
                .source("Thinning", """
                        package own;
                        public final class Thinning implements dev.kvasir.kvcache.policy.PagePolicy {
                            public static final int STATE = %d;
                            public dev.kvasir.kvcache.policy.PolicyCard card() {
                                return new dev.kvasir.kvcache.policy.PolicyCard("thinning", "keeps everything");
                            }
                        }
                        """.formatted(state))
                .service("META-INF/services/dev.kvasir.kvcache.policy.PagePolicy", "own.Thinning")
                .pack("thinning.jar");
    }

    @Test
    void resultsOfAnotherPolicyOfTheSameNameAreNotContinued() throws IOException {
        Path jar = thinning(1);
        Path output = folder.resolve("out");
        String[] words = {"experiment", "passkey", "--length", "320", "--depths", "2", "--kv", "thinning", "--budget",
            "128", "--policy-path", jar.toString(), "-o", output.toString()};
        Outcome measured = new Cli().run(words);
        thinning(2);

        Outcome resumed = new Cli().run("experiment", "passkey", "--resume", "-o", output.toString());

        assertThat(measured.code()).as(measured.err()).isZero();
        assertThat(results(output)).allSatisfy(line -> assertThat(line).contains("\"policy_jars\":\"thinning.jar "));
        assertThat(resumed.code()).isEqualTo(1);
        assertThat(resumed.err()).contains("holds results of another state: its policy_jars is 'thinning.jar ");
    }

    @Test
    void anotherRunIsRefused() {
        run(new Cli().interrupted(), folder, "--budget", "128");

        Outcome other = run(new Cli(), folder, "--budget", "128", "--resume", "--seed", "2");

        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("holds another run: its seed is '1', this one's '2'");
    }

    @Test
    void anInterruptedRunKeepsWhatItHasAndSaysHowToGoOn() {
        Outcome outcome = run(new Cli().interrupted(), folder, "--budget", "128,256");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("6 cells were not come to: continue with `kvasir experiment passkey --resume -o " + folder);
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
        assertThat(folder.resolve("results.jsonl")).isEmptyFile();
    }

    @Test
    void wrongWordsAreAnsweredWithTheNearestRightOnes() {
        Outcome experiment = new Cli().run("experiment", "passky", "-o", folder.toString());
        Outcome policy = new Cli().run("experiment", "passkey", "--kv", "arkvail", "-o", folder.toString());
        Outcome digest = new Cli().run("experiment", "passkey", "--digest", "cuboid-meen", "-o", folder.toString());

        assertThat(experiment.code()).isEqualTo(2);
        assertThat(experiment.err()).contains("there is no experiment 'passky'").contains("did you mean passkey?");
        assertThat(policy.code()).isEqualTo(2);
        assertThat(policy.err()).contains("there is no policy 'arkvail'").contains("did you mean arkvale?");
        assertThat(digest.code()).isEqualTo(2);
        assertThat(digest.err()).contains("there is no digest 'cuboid-meen'").contains("did you mean cuboid-mean?");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void brokenLinesOfDataEndTheRunOrAreLeftOut() throws IOException {
        Path data = Files.writeString(folder.resolve("cases.jsonl"), """
                {"prompt": "line a: REGISTER_CONTENT is <12>\\nNow the record is over.", "expected_number": 12}
                {"prompt": "no number"}
                """);
        String[] words = {"experiment", "lines", "--kv", "full", "--data", data.toString(), "-o",
            folder.resolve("out").toString()};

        Outcome strict = new Cli().run(words);
        List<String> more = new ArrayList<>(Arrays.asList(words));
        more.add("--keep-going");
        Outcome kept = new Cli().run(more.toArray(String[]::new));

        assertThat(strict.code()).isEqualTo(1);
        assertThat(strict.err()).contains("cases.jsonl, line 2: has no whole number 'expected_number'");
        assertThat(kept.code()).isZero();
        assertThat(kept.err()).contains("line 2").contains("1 result is in");
    }

    @Test
    void longBenchIsReadFromAFolder() throws IOException {
        Outcome outcome = new Cli().run("experiment", "longbench", "--data", "src/test/resources/longbench", "--kv",
                "streaming-llm", "--budget", "128", "--quick", "--cases", "1", "--length", "500", "-o",
                folder.toString());

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("LongBench's hotpotqa: score", "LongBench's lcc: score");
        assertThat(results(folder)).hasSize(6)
                .anySatisfy(line -> assertThat(line).contains("\"metric\":\"rouge_l\""))
                .anySatisfy(line -> assertThat(line).contains("\"metric\":\"count\""));
    }

    @Test
    void theOtherTasksRunInSmall() throws IOException {
        for (String task : List.of("lines", "perplexity", "fidelity", "needles")) {
            List<String> words = new ArrayList<>(List.of("experiment", task, "--kv", "streaming-llm", "--budget", "128",
                    "--length", "400", "--repeat", "1", "--quick", "-o", folder.resolve(task).toString()));
            if (task.equals("needles")) {
                words.addAll(List.of("--task", "single,multi-query"));
            }
            Outcome outcome = new Cli().run(words.toArray(String[]::new));

            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(results(folder.resolve(task))).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("\"values\":"));
        }
    }

    @Test
    void aTextThatCannotBeReadIsToldBeforeAFolderIsMade() {
        Path output = folder.resolve("out");
        Outcome forced = new Cli().run("experiment", "fidelity", "--text", "nowhere.txt", "-o", output.toString());
        Outcome traced = new Cli().run("experiment", "sparsity", "--text", "paskey", "-o", output.toString());

        assertThat(forced.code()).isEqualTo(2);
        assertThat(forced.err()).contains("--text nowhere.txt cannot be read: check its path");
        assertThat(traced.code()).isEqualTo(2);
        assertThat(traced.err()).contains("--text paskey is neither passkey nor lines", "did you mean passkey?");
        assertThat(output).doesNotExist();
    }

    @Test
    void everyExperimentComparesPoliciesThatThereAre() {
        List<String> known = Policies.all().stream().map(CachePolicy::name).toList();
        for (Experiment experiment : Experiments.all()) {
            experiment.parameters()
                    .stream()
                    .filter(parameter -> parameter.name().equals(Parameters.KV))
                    .forEach(kv -> assertThat(known).as(experiment.name())
                            .contains(kv.value().split(","))
                            .contains(kv.quickValue().split(",")));
        }
    }

    @Test
    void aBudgetThatNoPolicyHoldsIsNoSuccess() {
        Outcome outcome = new Cli().run("experiment", "passkey", "--length", "320", "--depths", "1", "--kv",
                "streaming-llm", "--budget", "16", "-o", folder.toString());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("raise --budget to 128").contains("0 results are in");
    }

    @Test
    void everyExperimentTellsWhatItIsAndHowLongAQuickOneTakes() {
        Outcome list = new Cli().run("experiment");
        for (Experiment experiment : Experiments.all()) {
            Outcome help = new Cli().run("experiment", experiment.name(), "--help");

            assertThat(list.out().lines()).anyMatch(line -> line.startsWith(experiment.name() + " "));
            assertThat(list.out().lines()).allMatch(line -> line.length() <= 80);
            assertThat(help.code()).isZero();
            assertThat(help.out().replaceAll("\\s+", " ")).contains(experiment.quickTime(), experiment.summary());
        }
    }
}
