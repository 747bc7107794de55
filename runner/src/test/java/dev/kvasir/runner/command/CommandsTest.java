package dev.kvasir.runner.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.lab.Experiments;
import dev.kvasir.launch.FakeSdk;
import dev.kvasir.runner.command.Cli.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CommandsTest {
    private static final String STORIES = Cli.STORIES.toString();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "chat", "info", "tokenize", "quantize", "bench", "policies", "devices", "ptx",
        "view",
        "demo",
        "random-model",
        "completion"})
    void everyCommandHasHelp(String command) {
        Outcome outcome = new Cli().run(command, "--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Usage: kvasir " + command);
    }

    @Test
    void noCommandAndUnknownCommandsAreWrongUsage() {
        assertThat(new Cli().run().code()).isEqualTo(2);
        Outcome outcome = new Cli().run("bnech");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("there is no command 'bnech'; did you mean bench?");
        assertThat(new Cli().run("rnu", "-p", "x").err()).contains("did you mean run?");
        assertThat(new Cli().run("translate").err()).contains("there is no command 'translate', only run, chat");
    }

    @ParameterizedTest
    @CsvSource({"-ngl,99", "-nkvo,1", "-threads,4", "--kvv,full", "--topk,5"})
    void anUnknownOptionIsNamedAsItWasTyped(String option, String value) {
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "x", option, value);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("there is no option " + option);
    }

    @Test
    void aPromptWithoutQuotesIsExplained() {
        assertThat(new Cli().run("run", "-m", STORIES, "-p", "Once", "upon").err())
                .startsWith("'upon' is one word too many: put text with blanks between quotes");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsInEightyColumns(String command) {
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--help");
        String help = new Cli().run(words.toArray(String[]::new)).out();

        assertThat(help.lines()).as(command).isNotEmpty().allMatch(line -> line.length() <= 80);
        assertThat(help.lines().filter(line -> line.startsWith("  kvasir ")).map(String::length))
                .as("an example is one line")
                .allMatch(length -> length <= 80);
    }

    static Stream<String> commands() {
        return Stream.concat(
                Stream.of("run", "chat", "demo", "info", "tokenize", "quantize", "policies", "bench", "experiment",
                        "report", "view", "devices", "ptx", "random-model", "completion"),
                Experiments.all().stream().map(experiment -> "experiment " + experiment.name()));
    }

    @Test
    void theListOfCommandsHasOneLineForEach() {
        List<String> lines = new Cli().run("--help").out().lines().toList();
        int first = lines.indexOf("Commands:") + 1;
        List<String> listed = lines.subList(first, lines.subList(first, lines.size()).indexOf("") + first);

        assertThat(listed).hasSize(15).allMatch(line -> line.matches("  [a-z-]+ +[A-Z].*\\."));
        assertThat(lines).anyMatch(line -> line.contains("--show-command"));
    }

    @Test
    void tokenizePrintsIdsOrATable() {
        assertThat(new Cli().run("tokenize", "-m", STORIES, "--ids", "Once upon a time").out())
                .isEqualTo("1 403 407 261 378%n".formatted());
        assertThat(
                new Cli().withStdin("Once upon a time").run("tokenize", "-m", STORIES, "--ids", "--no-bos", "-").out())
                .isEqualTo("403 407 261 378%n".formatted());
        assertThat(new Cli().run("tokenize", "-m", STORIES, "Once ü\n").out()).contains("     1  \"<s>\"")
                .contains("\" Once\"")
                .contains("\"\\n\"");
    }

    @Test
    void infoShowsMetadataTensorsAndTotals() {
        assertThat(new Cli().run("info", "-m", STORIES).out()).contains("GGUF version 3")
                .containsPattern("llama.context_length +\\| uint32 +\\| 512")
                .contains("512 x string: <unk>, <s>, </s>, <0x00>, <0x01>, <0x02>, …")
                .contains("64 x 512")
                .containsPattern("all +\\| +47 \\|");
    }

    @Test
    void infoIsJsonOnRequest() throws Exception {
        JsonNode info = new ObjectMapper().readTree(new Cli().run("info", "-m", STORIES, "--json").out());

        assertThat(info.get("metadata").get("general.architecture").asText()).isEqualTo("llama");
        assertThat(info.get("metadata").get("tokenizer.ggml.tokens").get("length").asInt()).isEqualTo(512);
        assertThat(info.get("tensors").get(0).get("name").asText()).isEqualTo("token_embd.weight");
        assertThat(info.get("types").get("F32").get("tensors").asInt()).isEqualTo(47);
    }

    @Test
    void policiesListsAllAndTellsOfOne() {
        assertThat(new Cli().run("policies").out()).contains("full", "streaming-llm", "arkvale");
        assertThat(new Cli().run("policies", "arkvale").out()).startsWith("arkvale: ");
        Outcome wrong = new Cli().run("policies", "arkvael");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("did you mean arkvale?");
    }

    @Test
    void aQuantisedModelStillTellsStories() throws Exception {
        Path target = folder.resolve("q8.gguf");
        Outcome outcome = new Cli().run("quantize", STORIES, target.toString(), "--type", "q8_0");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(Files.size(target)).isLessThan(Files.size(Cli.STORIES));
        assertThat(new Cli().run("run", "-m", target.toString(), "-p", "", "-n", "12", "--temp", "0").out())
                .startsWith("Once upon a time");
    }

    @ParameterizedTest
    @CsvSource({"bench -n 2147483647 -p 0", "bench -p 2147483647 -n 0", "bench -p 5 -n 0 -d 2147483640",
        "random-model new.gguf --layers 2147483647", "random-model new.gguf --vocabulary 2147483647"})
    void whatNoMachineHoldsIsRefusedAtOnce(String command) {
        Outcome outcome = new Cli().run((command + (command.startsWith("bench") ? " -m " + STORIES : "")).split(" "));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).containsPattern("of memory, the machine has|GiB, and its disk has .* GiB free");
        assertThat(Path.of("new.gguf")).doesNotExist();
    }

    @Test
    void benchRecordsItsTimedRoundsOnly() throws Exception {
        Path recording = folder.resolve("bench.jfr");
        Outcome outcome = new Cli().run("bench", "-m", STORIES, "-p", "8,16", "-n", "0", "-r", "3", "--warmup", "0.1",
                "--jfr", recording.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(RecordingFile.readAllEvents(recording))
                .filteredOn(event -> event.getEventType().getName().equals("dev.kvasir.Step"))
                .extracting(event -> event.getInt("tokens"))
                .containsExactly(8, 8, 8, 16, 16, 16);
        assertThat(new Cli().run("bench", "-m", STORIES, "--jfr", folder.resolve("none/x").toString()).err())
                .contains("the flight recording cannot be written to", "there is no folder");
    }

    @Test
    void anExistingFileIsReplacedOnlyWithForce() throws Exception {
        Path target = Files.writeString(folder.resolve("mine.gguf"), "precious");

        Outcome refused = new Cli().run("quantize", STORIES, target.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("mine.gguf exists: name another file, or replace it with --force");
        assertThat(target).hasContent("precious");
        assertThat(new Cli().run("random-model", target.toString(), "--layers", "1").code()).isEqualTo(1);
        assertThat(target).hasContent("precious");
        assertThat(new Cli().run("quantize", STORIES, target.toString(), "--force").code()).isZero();
        assertThat(Files.size(target)).isGreaterThan(100_000);
    }

    @Test
    void quantizeRefusesWhatItCannotWrite() {
        assertThat(new Cli().run("quantize", STORIES, folder.resolve("x.gguf").toString(), "--type", "q4_k").code())
                .isEqualTo(2);
        assertThat(new Cli().run("quantize", STORIES, STORIES).code()).isEqualTo(1);
        Outcome folderAsTarget = new Cli().run("quantize", STORIES, folder.toString());
        assertThat(folderAsTarget.code()).isEqualTo(1);
        assertThat(folderAsTarget.err()).contains(folder + " is no file that could be replaced");
        assertThat(new Cli().run("quantize", STORIES, folder.resolve("no/such/folder.gguf").toString()).code())
                .isEqualTo(1);
    }

    @Test
    void aRandomModelOfAnyShapeRuns() {
        String target = folder.resolve("random.gguf").toString();
        Outcome outcome = new Cli().run("random-model", target, "--layers", "2", "--width", "64", "--heads", "4",
                "--kv-heads",
                "2", "--head-dim", "16", "--feed-forward", "96", "--vocabulary", "600", "-c", "256", "--type", "q8_0");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(new Cli().run("run", "-m", target, "-p", "x", "-n", "3").code()).isZero();
        assertThat(new Cli().run("random-model", target, "--heads", "3").code()).isEqualTo(2);
    }

    @Test
    void benchComparesPoliciesOverAGrid() throws Exception {
        Outcome outcome = new Cli().run("bench", "-m", STORIES, "-p", "8", "-n", "4", "-d", "0,64", "-r", "2", "-q",
                "--no-warmup", "-o",
                "json",
                "--fill", "random", "--kv", "full,arkvale", "--page-size", "4", "--sink", "1", "--budget", "32", "-pg",
                "8,4",
                "--topk-tokens", "16");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode rows = new ObjectMapper().readTree(outcome.out());
        assertThat(rows.size()).isEqualTo(12);
        assertThat(rows.get(1).get("kv").asText()).isEqualTo("arkvale");
        assertThat(rows.get(0).get("n_prompt").asInt()).isEqualTo(8);
        assertThat(rows.get(11).get("n_depth").asInt()).isEqualTo(64);
        assertThat(rows.get(11).get("samples_ns").size()).isEqualTo(2);
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void benchRefusesNonsense() {
        assertThat(new Cli().run("bench", "-m", STORIES, "-p", "0", "-n", "0").code()).isEqualTo(2);
        assertThat(new Cli().run("bench", "-m", STORIES, "-pg", "5").code()).isEqualTo(2);
        assertThat(new Cli().run("bench", "-m", STORIES, "--warmup", "-1").code()).isEqualTo(2);
        assertThat(new Cli().run("bench", "-m", STORIES, "-p", "-5").code()).isEqualTo(2);
        assertThat(new Cli().run("bench", "-m", STORIES, "-r", "0").code()).isEqualTo(2);
        assertThat(new Cli().run("bench", "-m", STORIES, "-o", "xml").err()).contains("md, csv, json, jsonl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -p x", "chat", "bench", "demo", "experiment needles -o unwritten"})
    void moreThreadsThanCoresAreRefusedWithBothNumbers(String command) {
        int cores = Runtime.getRuntime().availableProcessors();
        Outcome outcome = new Cli().run((command + " -t " + (cores + 1)).split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains((cores + 1) + " threads are more than the " + cores + " cores");
    }

    @Test
    void theDemoTellsThePoliciesApart() {
        Outcome outcome = new Cli().withEnvironment("KVASIR_CACHE_DIR", folder.toString())
                .run("demo", "--length", "900",
                        "--budget", "128", "--page-size", "16");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("full +\\| +\\d{5} \\| right")
                .containsPattern("streaming-llm +\\| +\\w+ \\| wrong")
                .containsPattern("arkvale +\\| +\\d{5} \\| right");
    }

    @Test
    void chatAnswersTurnByTurnInOneSession() {
        Outcome outcome = new Cli().withStdin("Once upon\n\n a time\n/clear\nLily\n/exit\nnever read\n")
                .run("chat", "-m",
                        STORIES, "-n", "4", "--temp", "0");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines().count()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.err()).contains("no chat template", "docs/models.md");
        assertThat(outcome.err().lines().skip(1)).as("one line of figures a turn")
                .hasSize(3)
                .allMatch(line -> line.matches(
                        "prompt \\d+ tokens in .*; 4 new tokens at .*; pages \\d+ filled, 0 evicted, 0 recalled"));
    }

    @Test
    void chatKnowsItsCommandsAndSuggestsTheNearest() {
        Outcome outcome = new Cli().withStdin("/help\n/clera\n/exit\n").run("chat", "-m", STORIES, "-n", "4");

        assertThat(outcome.out()).as("nothing was sent to the model").isEmpty();
        assertThat(outcome.err()).contains("/clear       forgets the conversation",
                "there is no command /clera; did you mean /clear");
    }

    @Test
    void aLineThatOnlyBeginsWithASlashIsText() {
        Outcome outcome = new Cli().withStdin("/etc/hosts is a file\n /clear\n")
                .run("chat", "-m", STORIES, "-n", "2", "--temp", "0");

        assertThat(outcome.err().lines().filter(line -> line.startsWith("prompt"))).hasSize(2);
    }

    @Test
    void aConversationThatFillsTheContextSaysSoAndGoesOn() {
        Outcome outcome = new Cli().withStdin("a long line ".repeat(30) + "\nLily\n")
                .run("chat", "-m", STORIES, "-n", "2", "-c",
                        "20", "-q");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("the context holds 20");
        assertThat(outcome.out()).isNotBlank();
    }

    @Test
    void ptxChecksItsOptionsBeforeItAsksForTornadoVm() {
        Outcome kernel = new Cli().run("ptx", "--kernel", "MatVac");
        assertThat(kernel.code()).isEqualTo(2);
        assertThat(kernel.err()).contains("no kernel MatVac", "MatVec.q8_0");
        Outcome target = new Cli().run("ptx", "--cc", "8");
        assertThat(target.code()).isEqualTo(2);
        assertThat(target.err()).contains("give 80 for 8.0");
        Outcome without = new Cli().run("ptx", "--kernel", "MatVec", "--cc", "80");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("TORNADOVM_HOME is not set");
    }

    @Test
    void devicesSaysWhatIsMissing() {
        Outcome without = new Cli().run("devices");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.out()).isEmpty();
        assertThat(without.err()).contains("TORNADOVM_HOME is not set", "sdk install tornadovm");

        Path home = FakeSdk.create(folder.resolve("sdk"), "5.2.0-jdk25");
        Outcome plainJvm = new Cli().withEnvironment("TORNADOVM_HOME", home.toString()).run("devices");
        assertThat(plainJvm.code()).isEqualTo(1);
        assertThat(plainJvm.err()).contains("started without the options of TornadoVM 5.2.0-jdk25",
                "@" + home.resolve("tornado-argfile"));
    }
}
