package dev.kvasir.runner.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArgumentFilesTest {
    @TempDir
    private Path folder;

    @Test
    void anArgumentOfItsOwnIsReplacedByTheWordsInItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("args"), "# a comment\n-n 4 --temp=0\n-p \"two words\" # end\n");

        assertThat(ArgumentFiles.expanded("run", "@" + file, "-q"))
                .containsExactly("run", "-n", "4", "--temp=0", "-p", "two words", "-q");
        assertThat(ArgumentFiles.expanded("run", "-q", "@" + file)).contains("two words");
    }

    @Test
    void aTextIsNeverReplaced() throws Exception {
        String word = "@" + Files.writeString(folder.resolve("notes"), "words");

        assertThat(ArgumentFiles.expanded("run", "-p", word)).containsExactly("run", "-p", word);
        assertThat(ArgumentFiles.expanded("chat", "-sp", word)).containsExactly("chat", "-sp", word);
        assertThat(ArgumentFiles.expanded("run", "--question", word)).containsExactly("run", "--question", word);
        assertThat(ArgumentFiles.expanded("tokenize", word)).containsExactly("tokenize", word);
        assertThat(ArgumentFiles.expanded("run", "-p", "@@ -1,3 +1,4 @@")).containsExactly("run", "-p",
                "@@ -1,3 +1,4 @@");
        assertThat(ArgumentFiles.expanded("run", "@no-such-file")).containsExactly("run", "@no-such-file");
    }

    @Test
    void aFileThatNamesItselfIsRefused() throws Exception {
        Path file = folder.resolve("args");
        Files.writeString(file, "-q @" + file);

        assertThatThrownBy(() -> ArgumentFiles.expanded("run", "@" + file))
                .hasMessageContaining("does one of them name itself");
    }
}
