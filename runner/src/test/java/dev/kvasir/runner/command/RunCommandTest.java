package dev.kvasir.runner.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.runner.command.Cli.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class RunCommandTest {
    private static final String STORIES = Cli.STORIES.toString();

    @TempDir
    private Path folder;

    private static String golden() throws IOException {
        return Files.readString(Cli.GOLDEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--kv full", "--kv arkvale --budget 512", "--kv full --engine reference",
        "--kv full --stream false"})
    void theGoldenTextComesByteForByte(String options) throws Exception {
        Outcome outcome = new Cli().run(("-m\t" + STORIES + "\t-p\t\t-n\t200\t--temperature\t0\t"
                + options.replace(' ', '\t')).split("\t"));

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo(golden());
    }

    @Test
    void prefetchedPagesAreToldApartInTheSummaryAndTheTrace() throws Exception {
        Path trace = folder.resolve("trace.jsonl");
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "", "-n", "200", "--temperature", "0", "--kv",
                "arkvale", "--prefetch", "--page-size", "8", "--budget", "128", "--sink", "1", "--window", "2",
                "--dense-layers", "1", "--trace", trace.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).containsPattern(
                "early +[1-9]\\d* of the recalls early, \\d+\\.\\d % of them used, \\d+ not; [1-9]\\d* late");
        assertThat(Files.readString(trace)).contains("\"event\":\"prefetched\"").contains("\"event\":\"unused\"");
    }

    @Test
    void thePromptIsEchoedAndNotCounted() throws Exception {
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "Once upon a time", "-n", "196", "--temp", "0",
                "--echo",
                "true");

        assertThat(outcome.out()).isEqualTo(golden());
    }

    @Test
    void theContinuationAloneIsWhatIsPrintedWithoutEcho() throws Exception {
        Outcome outcome = new Cli().withStdin("Once upon a time\n")
                .run("run", "-m", STORIES, "-f", "-", "-n", "196", "--temp",
                        "0", "-q");

        assertThat(outcome.out()).isEqualTo(golden().substring("Once upon a time".length()));
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void aSmallBudgetEvictsRecallsAndTracesEveryEvent() throws Exception {
        Path trace = folder.resolve("trace.jsonl");
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "", "-n", "200", "--temperature", "0", "--kv",
                "arkvale",
                "--page-size", "8", "--budget", "128", "--sink", "1", "--window", "2", "--dense-layers", "1", "--trace",
                trace.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("Once upon a time, there was a little girl named Lily.");
        assertThat(outcome.err()).containsPattern("[1-9]\\d* evicted, [1-9]\\d* recalled; hit rate \\d")
                .contains("seed");
        Set<String> events = new HashSet<>();
        for (String line : Files.readAllLines(trace)) {
            JsonNode event = new ObjectMapper().readTree(line);
            if (!event.has("event")) {
                continue;
            }
            assertThat(event.fieldNames()).toIterable()
                    .containsExactly("step", "layer", "sequence", "group", "page",
                            "event", "state", "importance", "bytes");
            events.add(event.get("event").asText());
        }
        assertThat(events).containsExactlyInAnyOrder("filled", "backed-up", "evicted", "recalled", "selected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2o", "tova"})
    void aBudgetOfTokensIsToldInTokens(String policy) throws Exception {
        Path trace = folder.resolve("trace.jsonl");
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "", "-n", "150", "--temperature", "0", "--kv",
                policy, "--budget", "100", "--dense-layers", "1", "--trace", trace.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("Once upon a time, there was a little girl named Lily.");
        assertThat(outcome.err())
                .containsPattern("tokens +[1-9]\\d* filled, 0 backed up, [1-9]\\d* evicted, 0 recalled")
                .contains("of tokens on the device");
        assertThat(Files.readString(trace)).contains("\"event\":\"filled\"").contains("\"event\":\"evicted\"");
    }

    @Test
    void enginesOfGraphsRefuseABudgetOfTokens() {
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "", "-n", "5", "--kv", "h2o", "--engine", "sim");

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.err())
                .contains("policy h2o keeps single tokens, but the engine sim has kernels for pages only")
                .contains("set --engine to vector");
    }

    @Test
    void theSameSeedDrawsTheSameText() {
        String[] args = {"run", "-m", STORIES, "-p", "Lily", "-n", "30", "--seed", "7"};

        assertThat(new Cli().run(args).out()).isEqualTo(new Cli().run(args).out()).isNotBlank();
        assertThat(new Cli().run(args).err()).containsPattern("seed +7");
    }

    @Test
    void aQuestionIsReadAfterTheContext() {
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "Once upon", "--question", " a time", "-n", "5",
                "--temp",
                "0", "--echo", "true");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("Once upon a time");
    }

    @Test
    void theBundledModelNeedsNoFlag() {
        Outcome outcome = new Cli().withEnvironment("KVASIR_CACHE_DIR", folder.toString())
                .run("run", "-p", "ROMEO:", "-n", "3",
                        "--temp", "0");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isNotBlank();
    }

    @Test
    void anInterruptionEndsEarlyWithFigures() {
        Outcome outcome = new Cli().interrupted().run("run", "-m", STORIES, "-p", "", "-n", "200");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("0 new tokens").contains("interrupted").contains("hit rate");
    }

    @Test
    void aFullContextEndsTheText() {
        assertThat(new Cli().run("run", "-m", STORIES, "-p", "", "-n", "50", "-c", "10", "--temp", "0").err())
                .contains("the context is full");
    }

    @Test
    void argumentsComeFromAFileToo() throws Exception {
        Path file = Files.writeString(folder.resolve("args"), "-m\n" + STORIES + "\n-n 5\n--temp 0 -p \"Once\"\n");

        Outcome outcome = new Cli().run("@" + file);

        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--kv arkvael|did you mean arkvale?",
        "--temprature 1|did you mean --temperature",
        "--page-size 33|page size 33 is no power of two from 4 to 128", "--digest cuboid-men|did you mean cuboid-mean?",
        "--kv-type f8|none of f32, f16, bf16", "--budget lots|budget 'lots' is no number",
        "--device-memory 2x|'2x' is not a size",
        "-n x|'x' is not a whole number",
        "-n 1.5|'1.5' is not a whole number",
        "-c 99999999999|99999999999 is not from -2147483648 to 2147483647",
        "--seed 99999999999999999999|99999999999999999999 is not from -9223372036854775808 to",
        "--temp warm|'warm' is not a number",
        "-hf some/repo|Kvasir downloads no models: download the GGUF file of some/repo and name it with -m",
        "--temp -1|temperature -1.0", "--top-p 2|top-p 2.0", "-n -1|-1 new tokens", "-t 0|0 threads",
        "--kv full --budget 64|takes no --budget",
        "--engine vectro|there is no engine vectro", "-c 0|a context of 0 tokens", "-f x|two prompts"})
    void wrongUsageIsTwoAndSaysWhatIsRight(String options, String sentence) {
        Outcome outcome = new Cli().run(("run -m " + STORIES + " -p x " + options).split(" "));

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(sentence).contains("Try `kvasir run --help`").doesNotContain("\tat ");
    }

    @Test
    void theSimulatorWritesWhatTheReferenceWrites() {
        String options = "run -m " + STORIES + " -p Once -n 20 --temp 0 -c 64 --page-size 8 --kv-type f32 --engine ";
        Outcome simulated = new Cli().run((options + "sim").split(" "));

        assertThat(simulated.code()).as(simulated.err()).isZero();
        assertThat(simulated.out()).isEqualTo(new Cli().run((options + "reference").split(" ")).out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"@@ -1,3 +1,4 @@", "@notes", "-v", "--help", "-", "@"})
    void aPromptIsTakenAsItWasTyped(String prompt) {
        for (String[] words : new String[][]{{"-p", prompt}, {"-p=" + prompt}, {"--prompt=" + prompt}}) {
            var line = new ArrayList<>(List.of("run", "-m", STORIES, "--echo", "true", "-n", "0", "-q"));
            line.addAll(List.of(words));
            Outcome outcome = new Cli().run(line.toArray(String[]::new));

            assertThat(outcome.out()).as(outcome.err()).isEqualTo(prompt);
        }
    }

    @Test
    void aPipedTextIsThePrompt() {
        String piped = new Cli().withStdin("Once upon a time\n")
                .run("run", "-m", STORIES, "-n", "8", "--temp", "0")
                .out();

        assertThat(piped).isEqualTo(
                new Cli().run("run", "-m", STORIES, "-p", "Once upon a time", "-n", "8", "--temp", "0").out());
        assertThat(piped).isNotBlank();
    }

    @Test
    void noPromptIsWrongUsage() {
        Outcome outcome = new Cli().run("run", "-m", STORIES);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("there is no prompt: give one with -p TEXT, with -f FILE, or on stdin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--kv arkvale --budget 64|budget",
        "--engine tornado|the engine tornado needs TornadoVM",
        "--kv arkvale --groups 3 --budget 256|3 selection groups do not divide 4 KV heads"})
    void whatCannotBeDoneIsOneWithOneSentence(String options, String sentence) {
        Outcome outcome = new Cli().run(("run -m " + STORIES + " -p x " + options).split(" "));

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
        assertThat(outcome.err()).contains(sentence).doesNotContain("\tat ");
        assertThat(outcome.err().strip().lines()).hasSize(1);
    }

    @Test
    void aPromptLongerThanTheContextIsRefused() {
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "a story ".repeat(400));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).containsPattern("the prompt has \\d+ tokens, but the context has room for 512");
    }

    @Test
    void damagedAndForeignFilesAreSentences() throws Exception {
        byte[] bytes = Files.readAllBytes(Cli.STORIES);
        Path truncated = Files.write(folder.resolve("truncated.gguf"), Arrays.copyOf(bytes, bytes.length / 2));
        Path foreign = Files.writeString(folder.resolve("foreign.gguf"),
                "this is no model at all, but it is long enough");
        Path empty = Files.createFile(folder.resolve("empty.gguf"));

        for (Path file : List.of(truncated, foreign, empty, folder)) {
            for (String command : List.of("run -p x", "info", "tokenize x", "bench", "chat")) {
                Outcome outcome = new Cli().run((command + " -m " + file).split(" "));
                assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
                assertThat(outcome.err()).contains(file.toString()).doesNotContain("should not have happened");
                assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
            }
        }
    }

    @Test
    void stackTracesAreForVerboseRunsOnly() {
        assertThat(new Cli().run("run", "-m", "no.gguf", "-p", "x").err()).doesNotContain("\tat ");
        assertThat(new Cli().run("run", "-v", "-m", "no.gguf", "-p", "x").err()).contains("\tat ");
    }

    @Test
    void aTraceOnAFullDiskIsASentence() {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "", "-n", "100", "--temp", "0", "--trace",
                "/dev/full");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("the trace cannot be written to /dev/full (No space left on device)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--device=0:0", "--print-kernel", "--page-copies=stream"})
    void optionsOfTheTornadoEngineNeedThatEngine(String option) {
        Outcome outcome = new Cli().run("run", "-m", Cli.STORIES.toString(), "-p", "x", option);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("are for --engine tornado, not vector");
    }

    @Test
    void pagesAndAttentionAreExportedAsArrays(@TempDir Path folder) throws IOException {
        Path arrays = folder.resolve("new").resolve("arrays");
        Outcome outcome = new Cli().run("run", "-m", Cli.STORIES.toString(), "-p", "Once upon a time", "-n", "60",
                "--temp", "0", "--kv", "arkvale", "--page-size", "4", "--budget", "32", "--sink", "1", "--window", "2",
                "--dense-layers", "1", "--export", arrays.toString(), "--export-steps", "0,59,900", "-q");

        assertThat(outcome.err())
                .contains("--export-steps [0, 59, 900]: the run made steps 0 to 59; all else is written");
        // 5 prompt tokens and 59 steps are 16 pages of 4
        assertThat(Files.readString(arrays.resolve("state.npy"), StandardCharsets.ISO_8859_1))
                .contains("'|u1'", "(60, 5, 1, 16,)");
        assertThat(Files.readString(arrays.resolve("attention.npy"), StandardCharsets.ISO_8859_1))
                .contains("'<f4'", "(2, 5, 8, 64,)");
        byte[] weights = Files.readAllBytes(arrays.resolve("attention.npy"));
        var numbers = ByteBuffer.wrap(weights, weights.length - 64 * 4, 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
        double sum = 0;
        while (numbers.hasRemaining()) {
            sum += numbers.getFloat();
        }
        assertThat(sum).as("the weights of the last head").isCloseTo(1, within(1e-5));
    }

    @Test
    void anEngineThatKeepsQueriesOnItsDeviceDoesNotExport(@TempDir Path folder) {
        Outcome outcome = new Cli().run("run", "-m", Cli.STORIES.toString(), "-p", "x", "-n", "1", "--engine", "sim",
                "--export", folder.toString());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("--export reads queries and keys, which the engine sim keeps on its device");
    }
}
