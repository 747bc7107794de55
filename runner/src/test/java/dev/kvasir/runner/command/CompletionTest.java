package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import dev.kvasir.runner.option.Candidates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import static org.assertj.core.api.Assertions.assertThat;

class CompletionTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kvasir ru                        | run
            kvasir run --kv arkv             | arkvale
            kvasir run --kv = stre           | streaming-llm
            kvasir bench --kv full,arkv      | full,arkvale
            kvasir -m x --kv ful             | full
            kvasir run --digest cuboid-me    | cuboid-mean
            kvasir run --activations i       | int8
            kvasir run --page-copies st      | staged stream
            kvasir run --engine t            | tornado
            kvasir run --echo t              | true
            kvasir bench -o j                | json jsonl
            kvasir quantize a b --type q     | q4_0 q8_0
            kvasir experiment passk          | passkey
            kvasir experiment needles --task multi-k | multi-key
            kvasir experiment passkey --keep | --keep-going
            kvasir policies arkv             | arkvale
            kvasir completion f              | fish
            kvasir run -n 1                  | ''
            """)
    void bashOffersTheRealValues(String typed, String offered) throws Exception {
        Path script = Files.writeString(folder.resolve("kvasir.bash"), new Cli().run("completion", "bash").out());
        String call = "source '%s'; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _kvasir; echo \"${COMPREPLY[*]}\""
                .formatted(script, typed);
        Process bash = new ProcessBuilder("bash", "-c", call).redirectErrorStream(true).start();

        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer.strip()).isEqualTo(offered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void everyShellHasEveryValueOfEveryOption(String shell) {
        String script = new Cli().run("completion", shell).out();
        var commands = List.of(new CommandLine(new RunCommand()), new CommandLine(new BenchCommand()),
                new CommandLine(new QuantizeCommand()));

        for (CommandLine command : commands) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                Candidates.of(option).forEach(value -> assertThat(script).contains(value));
            }
        }
        assertThat(script).doesNotContain("CUBOID_MEAN", "BF16");
    }

    @Test
    void theProgramTakesEveryValueThatItOffers() {
        for (OptionSpec option : new CommandLine(new RunCommand()).getCommandSpec().options()) {
            for (String value : Candidates.of(option)) {
                Outcome outcome = new Cli().run("run", "-m", "missing.gguf", "-p", "x", option.longestName(), value);

                assertThat(outcome.err()).as("%s %s", option.longestName(), value)
                        .doesNotContain("is none of", "there is no policy", "there is no engine");
            }
        }
    }

    @Test
    void anUnknownShellIsRefused() {
        Outcome outcome = new Cli().run("completion", "tcsh");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("only for bash, zsh and fish");
    }
}
