package dev.kvasir.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Runs the finished jar, on every Java that could start it: the oldest found from 17 on, and the one of this build. */
@Timeout(120)
class LauncherIT {
    private static final Path JAR = FinishedJar.JAR;

    @TempDir
    private Path folder;

    static Stream<Path> javas() {
        return FinishedJar.javas();
    }

    private FinishedJar.Outcome run(Path java, Path jar, Map<String, String> environment, String... args)
            throws Exception {
        return new FinishedJar(folder).run(java, jar, environment, args);
    }

    @ParameterizedTest
    @MethodSource("javas")
    void doneIsZeroWithTheAnswerAloneOnStdout(Path java) throws Exception {
        FinishedJar.Outcome outcome = run(java, JAR, Map.of(), "tokenize", "--ids", "--no-bos", "the king");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).matches("\\d+( \\d+)*\\R");
        assertThat(outcome.sentences()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void failureIsOneWithASentence(Path java) throws Exception {
        FinishedJar.Outcome outcome = run(java, JAR, Map.of(), "run", "-m", "no/such.gguf", "-p", "x");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.sentences()).containsExactly("there is no model file no/such.gguf: check the path");
    }

    @ParameterizedTest
    @MethodSource("javas")
    void wrongUsageIsTwo(Path java) throws Exception {
        FinishedJar.Outcome outcome = run(java, JAR, Map.of(), "run", "--temprature", "0");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.sentences().get(0)).contains("--temprature").contains("did you mean --temperature");
    }

    @ParameterizedTest
    @MethodSource("javas")
    void showCommandPrintsALineThatRuns(Path java) throws Exception {
        FinishedJar.Outcome shown = run(java, JAR, Map.of("KVASIR_JAVA_OPTS", "-Dsome=thing"), "--show-command",
                "--version");

        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Dsome=thing", "dev.kvasir.runner.Main --version");
        Process process = new ProcessBuilder("sh", "-c", shown.out()).redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("kvasir ");
    }

    @Test
    void aJarInAFolderWithSpacesRuns() throws Exception {
        Path jar = Files.copy(JAR,
                Files.createDirectories(folder.resolve("a folder with spaces")).resolve("my runner.jar"));

        assertThat(run(javas().findFirst().orElseThrow(), jar, Map.of(), "--version").out()).startsWith("kvasir ");
    }

    @Test
    void aWrongKvasirJavaHomeIsASentence() throws Exception {
        List<Path> older = FinishedJar.olderJava();
        assumeTrue(!older.isEmpty());
        FinishedJar.Outcome outcome = run(older.get(0), JAR, Map.of("KVASIR_JAVA_HOME", folder.toString()),
                "--version");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.sentences()).singleElement().asString().contains(folder.toString()).contains("holds no JDK");
    }

    @ParameterizedTest
    @MethodSource("javas")
    void withoutTornadoVmTheEngineIsAFailureWithOneSentence(Path java) throws Exception {
        for (String[] args : new String[][]{{"devices"}, {"ptx"}, {"run", "--engine", "tornado", "-p", "x"}}) {
            FinishedJar.Outcome outcome = run(java, JAR, Map.of("TORNADOVM_HOME", ""), args);

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.sentences()).singleElement()
                    .asString()
                    .contains("TORNADOVM_HOME is not set",
                            "sdk install tornadovm");
        }
    }

    @Test
    void aBrokenTornadoVmIsAFailureWithOneSentence() throws Exception {
        FinishedJar.Outcome outcome = run(javas().findFirst().orElseThrow(), JAR,
                Map.of("TORNADOVM_HOME", folder.toString()),
                "run", "--engine=tornado", "-p", "x");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.sentences()).singleElement().asString().contains(folder.toString(), "tornado-argfile");
    }

    @Test
    void theCommandForTornadoVmUsesTheArgfileOfTheSdk() throws Exception {
        Path home = FakeSdk.create(folder.resolve("sdk"), "5.2.0-jdk25");
        FinishedJar.Outcome shown = run(javas().findFirst().orElseThrow(), JAR,
                Map.of("TORNADOVM_HOME", home.toString()),
                "--show-command", "run", "--engine", "tornado");

        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains(" @" + home.resolve("tornado-argfile") + " ",
                " -Dtornado.recover.bailout=False ", " dev.kvasir.runner.Main run --engine tornado");
    }

    @ParameterizedTest
    @MethodSource("javas")
    void theChildEndsWithItsKilledParent(Path java) throws Exception {
        ProcessHandle child = talkThenEnd(java, Process::destroyForcibly);

        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void theChildEndsWithItsTerminatedParent(Path java) throws Exception {
        ProcessHandle child = talkThenEnd(java, Process::destroy);

        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    /** Starts a chat, has it answer once, so that it is known to wait for more, and ends the parent. */
    private ProcessHandle talkThenEnd(Path java, Consumer<Process> end) throws Exception {
        Process parent = new FinishedJar(folder).start(java, Map.of(), "chat", "-q", "-n", "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var in = parent.getOutputStream()) {
            in.write("Hello\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            readLine(parent);
            ProcessHandle child = parent.children().findFirst().orElseThrow();
            end.accept(parent);
            parent.waitFor();
            child.onExit().get(30, TimeUnit.SECONDS); // stdin stays open until then
            return child;
        }
    }

    private static void readLine(Process process) throws IOException {
        int c;
        do {
            c = process.getInputStream().read();
        } while (c != '\n' && c >= 0);
    }
}
