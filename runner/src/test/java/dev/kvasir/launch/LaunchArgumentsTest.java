package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LaunchArgumentsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"devices", "ptx --kernel RmsNorm", "run --engine tornado -p x", "--engine=tornado -p x",
        "bench -p 512 --engine tornado", "run -p --help --engine tornado"})
    void theseRunOnTornado(String line) {
        assertThat(LaunchArguments.askForTornado(List.of(line.split(" ")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -p tornado", "run --engine sim", "run -p --engine=tornado", "run -p devices",
        "devices --help",
        "run --engine tornado --help", "run --engine", "@no-such-file", "--version"})
    void theseDoNot(String line) {
        assertThat(LaunchArguments.askForTornado(List.of(line.split(" ")))).isFalse();
        assertThat(LaunchArguments.askForTornado(List.of())).isFalse();
    }

    @Test
    void wordsInFilesCount() throws IOException {
        Path file = Files.writeString(folder.resolve("args"), "--engine\ntornado\n");

        assertThat(LaunchArguments.askForTornado(List.of("run", "@" + file))).isTrue();
    }

    @Test
    void aTextThatBeginsWithAtIsNoFile() throws IOException {
        Path file = Files.writeString(folder.resolve("notes"), "--engine tornado");

        assertThat(LaunchArguments.askForTornado(List.of("run", "-p", "@" + file))).isFalse();
    }

    @Test
    void benchmarksAskForTornadoByTheirNames() {
        assertThat(LaunchArguments.nameTornado(List.of("AttentionLadder", "-f", "1"))).isTrue();
        assertThat(LaunchArguments.nameTornado(List.of("benchmarks.tornado"))).isTrue();
        assertThat(LaunchArguments.nameTornado(List.of("MatVecBenchmark", "-p", "type=Q8_0"))).isFalse();
        assertThat(LaunchArguments.nameTornado(List.of())).isFalse();
    }
}
