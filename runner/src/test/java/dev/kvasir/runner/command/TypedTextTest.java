package dev.kvasir.runner.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts in arguments stay as the user typed them, and {@code @FILE} gives arguments where an option may stand. */
class TypedTextTest {
    @TempDir
    private Path folder;

    private static String echoed(String... args) {
        String[] line = new String[args.length + 7];
        System.arraycopy(args, 0, line, 0, args.length);
        System.arraycopy(new String[]{"--echo", "true", "-n", "0", "-q", "-m", Cli.STORIES.toString()}, 0, line,
                args.length, 7);
        Cli.Outcome outcome = new Cli().run(line);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@@ -1,3 +1,4 @@", "@", "@@", "@no-such-file", "-", "-v", "--help", "--version", "-p",
        "--kv",
        "--kv=full", "-n 5", "run", "#5"})
    void aPromptIsAsTyped(String text) {
        assertThat(echoed("run", "-p", text)).isEqualTo(text);
        assertThat(echoed("--prompt", text)).isEqualTo(text);
        assertThat(echoed("run", "-p=" + text)).isEqualTo(text);
        assertThat(echoed("run", "-p", "x", "--question", text)).isEqualTo("x" + text);
    }

    @Test
    void aTextIsNotReplacedByTheFileThatItNames() throws IOException {
        String text = "@" + Files.writeString(folder.resolve("notes"), "from the file");

        assertThat(echoed("run", "-p", text)).isEqualTo(text);
        assertThat(echoed("run", "--prompt=" + text)).isEqualTo(text);
        assertThat(echoed("run", "-p", "x", "--question", text)).isEqualTo("x" + text);
        String ids = new Cli().run("tokenize", "-m", Cli.STORIES.toString(), "--ids", text).out();
        assertThat(ids)
                .isEqualTo(new Cli().withStdin(text).run("tokenize", "-m", Cli.STORIES.toString(), "--ids", "-").out())
                .isNotEqualTo(new Cli().run("tokenize", "-m", Cli.STORIES.toString(), "--ids", "from the file").out());
    }

    @Test
    void aFileInThePlaceOfAnOptionGivesArguments() throws IOException {
        Path inner = Files.writeString(folder.resolve("inner"), "--question '@q and more'");
        Path outer = Files.writeString(folder.resolve("outer"), "# a comment\n-p \"@p\"\n@" + inner);

        assertThat(echoed("@" + outer)).isEqualTo("@p@q and more");
        assertThat(echoed("run", "@" + outer)).isEqualTo("@p@q and more");
    }

    @Test
    void aFileThatNamesItselfEnds() throws IOException {
        Path file = folder.resolve("loop");
        Files.writeString(file, "-q @" + file);

        Cli.Outcome outcome = new Cli().run("run", "@" + file);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("@" + file);
    }
}
