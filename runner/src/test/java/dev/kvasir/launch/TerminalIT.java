package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Drives the finished jar on a real terminal, as a user does: Ctrl-C, progress, and what stays on the screen. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class TerminalIT {
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    static Stream<Path> javas() {
        return FinishedJar.javas();
    }

    private PseudoTerminal start(Path java, String... args) throws IOException {
        return start(java, Map.of(), args);
    }

    private PseudoTerminal start(Path java, Map<String, String> environment, String... args) throws IOException {
        List<String> line = Stream.concat(Stream.of(java.toString(), "-jar", FinishedJar.JAR.toString()),
                Stream.of(args)).toList();
        return PseudoTerminal.start(folder, environment, line.toArray(String[]::new));
    }

    private Path longPrompt() throws IOException {
        return Files.writeString(folder.resolve("long"), "the king said to the queen ".repeat(1600));
    }

    @ParameterizedTest
    @MethodSource("javas")
    void ctrlCEndsAnExperimentWithItsReportAndTheWayOn(Path java) throws Exception {
        try (var terminal = start(java, "experiment", "passkey", "--quick", "-o", "grid")) {
            terminal.await(" of 25 cells");
            terminal.type(PseudoTerminal.CTRL_C);

            assertThat(terminal.untilEnd()).contains(
                    "cells were not come to: continue with `kvasir experiment passkey --resume -o grid`",
                    " in grid, with report.html");
            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
            assertThat(folder.resolve("grid/report.html")).exists();
        }
    }

    @Test
    void ctrlCEndsAnExperimentWithoutAProgressLineInTheSameWay() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(), "experiment", "passkey", "--quick", "-q", "-o", "grid",
                "--repeat", "50")) {
            terminal.await("WARNING");
            while (!Files.exists(folder.resolve("grid/results.jsonl"))) {
                Thread.onSpinWait();
            }
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.untilEnd();

            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
            assertThat(folder.resolve("grid/report.html")).exists();
        }
    }

    @Test
    void ctrlCEndsABenchWithTheCompleteTests() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(), "bench", "-p", "64,512", "-n", "0", "-r", "20")) {
            terminal.await("rounds: pp512");
            terminal.type(PseudoTerminal.CTRL_C);

            assertThat(terminal.untilEnd()).contains("| pp64 |", "interrupted: 1 of 2 tests are complete")
                    .doesNotContain("| pp512 |");
            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void ctrlCEndsALongPromptWithTheFiguresSoFar(Path java) throws Exception {
        try (var terminal = start(java, "run", "-f", longPrompt().toString(), "--engine", "reference", "-n", "9")) {
            terminal.await("of the prompt read");
            terminal.type(PseudoTerminal.CTRL_C);

            assertThat(terminal.untilEnd()).containsPattern("prompt +\\d+ tokens in")
                    .contains("decode 0 new tokens", "interrupted");
            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
        }
    }

    @Test
    void ctrlCEndsTheDemoWithTheRowsSoFar() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(), "demo", "--engine", "reference")) {
            terminal.await("of the prompt read");
            terminal.type(PseudoTerminal.CTRL_C);

            assertThat(terminal.untilEnd()).contains("| policy |").doesNotContain("Next:");
            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
        }
    }

    @Test
    void ctrlCLeavesNothingOfAModelThatIsWritten() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(), "random-model", "model.gguf")) {
            terminal.await(" left");
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.untilEnd();

            assertThat(terminal.exitCode()).isEqualTo(INTERRUPTED);
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).noneMatch(file -> file.getFileName().toString().contains("model.gguf"));
            }
        }
    }

    @Test
    void ctrlCInAChatStopsThePromptAndTheNextTurnStartsAnew() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(), "chat", "--engine", "reference", "-n", "3")) {
            terminal.await("> ");
            terminal.type("the king said to the queen ".repeat(120) + "\r");
            terminal.await("of the prompt read");
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.await("0 new tokens at 0.0 tokens/s, interrupted");
            terminal.await("> ");
            terminal.type("hi\r");
            terminal.await("3 new tokens");
            terminal.await("> ");
            terminal.type("/exit\r");
            terminal.untilEnd();

            assertThat(terminal.exitCode()).isZero();
        }
    }

    @Test
    void chatNeedsNoLibraryInTheTemporaryFolder() throws Exception {
        try (var terminal = start(FinishedJar.ownJava(),
                Map.of("KVASIR_JAVA_OPTS", "-Djava.io.tmpdir=/proc"), "chat")) {
            terminal.await("> ");
            terminal.type("/exit\r");

            assertThat(terminal.untilEnd().lines().filter(line -> line.contains("WARNING")))
                    .singleElement()
                    .asString()
                    .contains("incubator");
            assertThat(terminal.exitCode()).isZero();
        }
    }
}
