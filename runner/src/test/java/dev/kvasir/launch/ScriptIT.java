package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the script {@code kvasir} in a folder that has the script and, in Maven's place, one that copies the finished jar. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ScriptIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeCheckout() throws Exception {
        Path script = folder.resolve("kvasir");
        Files.copy(Path.of("../kvasir"), script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("mvnw"), """
                echo '[INFO] Building model 0.1.0-SNAPSHOT                                      [4/7]'
                [ -z "$WAIT" ] || read -r line < /dev/tty
                [ -z "$FAIL" ] || { echo '[ERROR] broken'; exit 1; }
                mkdir -p runner/target && cp '%s' runner/target/runner.jar
                """.formatted(FinishedJar.JAR));
    }

    private PseudoTerminal start(Map<String, String> environment, String... args) throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of("./kvasir"));
        line.addAll(List.of(args));
        return PseudoTerminal.start(folder, environment, line.toArray(String[]::new));
    }

    @Test
    void theFirstCallBuildsAndShowsTheModule() throws Exception {
        try (var terminal = start(Map.of("LC_ALL", "C"), "tokenize", "--ids", "--no-bos", "the king")) {
            terminal.await("building runner/target/runner.jar");
            terminal.await("kvasir: built in");

            assertThat(terminal.untilEnd()).containsPattern("\\d+ \\d+");
            assertThat(terminal.exitCode()).isZero();
        }
    }

    @Test
    void aBuildThatFailsShowsWhatMavenSaid() throws Exception {
        try (var terminal = start(Map.of("FAIL", "1"), "--version")) {
            assertThat(terminal.untilEnd()).contains("[ERROR] broken", "kvasir: the build failed");
            assertThat(terminal.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void ctrlCEndsTheBuild() throws Exception {
        try (var terminal = start(Map.of("WAIT", "1"), "--version")) {
            terminal.await("[4/7] model");
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.untilEnd();

            assertThat(terminal.exitCode()).isEqualTo(130);
        }
    }
}
