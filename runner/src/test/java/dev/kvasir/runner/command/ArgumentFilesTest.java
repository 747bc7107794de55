package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ArgumentFilesTest {
    private static final String STORIES = Cli.STORIES.toString();

    @TempDir
    private Path folder;

    @Test
    void anArgumentOfItsOwnIsReplacedByTheWordsInItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("args"),
                "# a comment\n-n 6 --temp=0 -q\n-p \"Once upon\" # end\n");
        String direct = new Cli().run("run", "-m", STORIES, "-n", "6", "--temp", "0", "-q", "-p", "Once upon").out();

        assertThat(direct).isNotBlank();
        assertThat(new Cli().run("run", "-m", STORIES, "@" + file).out()).isEqualTo(direct);
        assertThat(new Cli().run("run", "@" + file, "-m", STORIES).out()).isEqualTo(direct);
        assertThat(new Cli().run("@" + file, "-m", STORIES).out()).isEqualTo(direct);
    }

    @Test
    void aTextIsNeverReplaced() throws Exception {
        String word = "@" + Files.writeString(folder.resolve("notes"), "words");

        for (String option : new String[]{"-p", "--prompt"}) {
            assertThat(new Cli().run("run", "-m", STORIES, option, word, "--echo", "true", "-n", "0", "-q").out())
                    .isEqualTo(word);
        }
        assertThat(new Cli().run("tokenize", "-m", STORIES, "--ids", word).out())
                .isEqualTo(new Cli().withStdin(word).run("tokenize", "-m", STORIES, "--ids", "-").out());
    }

    @Test
    void aFileThatNamesItselfEnds() throws Exception {
        Path file = folder.resolve("args");
        Files.writeString(file, "-q @" + file);

        Outcome outcome = new Cli().run("run", "-m", STORIES, "-p", "x", "@" + file);

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.err()).isNotBlank();
    }
}
