package dev.kvasir.runner.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code chat --session}, {@code /save} and {@code /load}. */
class SessionFileTest {
    private static final String FIRST = "Once upon a time\n";
    private static final String SECOND = "She saw a cat\n";

    @TempDir
    private Path folder;

    private static Cli.Outcome chat(String stdin, String... more) {
        List<String> args = new ArrayList<>(List.of("chat", "-m", Cli.STORIES.toString(), "-n", "20", "--page-size",
                "8", "--kv", "arkvale", "--budget", "64", "--sink", "1"));
        args.addAll(Arrays.asList(more));
        return new Cli().withStdin(stdin).run(args.toArray(String[]::new));
    }

    @Test
    void twoCallsWithOneFileSayWhatOneCallSays() {
        String file = folder.resolve("talk.kvs").toString();
        var whole = chat(FIRST + SECOND + SECOND, "-s", "4");

        var first = chat(FIRST + SECOND, "-s", "4", "--session", file);
        var second = chat(SECOND, "-s", "5", "--session", file, "-v");

        assertThat(first.out() + second.out()).isEqualTo(whole.out());
        assertThat(first.err()).containsPattern("saved \\d+ tokens and 4 messages to " + file)
                .doesNotContain("restored");
        assertThat(second.err()).containsPattern("restored \\d+ tokens and 4 messages from " + file)
                .containsPattern("saved \\d+ tokens and 6 messages to " + file)
                .contains("seed   4");
        assertThat(List.of(whole.code(), first.code(), second.code())).containsOnly(0);
    }

    @Test
    void saveAndLoadGoBackWithinAConversation() {
        Path file = folder.resolve("with a blank.kvs");
        var outcome = chat(FIRST + "/save " + file + "\n" + SECOND + "/load " + file + "\n" + SECOND, "-s", "4");

        String[] answers = chat(FIRST + SECOND, "-s", "4").out().split(System.lineSeparator());
        assertThat(outcome.out()).endsWith(chat(SECOND, "-s", "9", "--session", file.toString()).out());
        assertThat(outcome.out()).startsWith(answers[0]);
        assertThat(outcome.err()).containsPattern("saved \\d+ tokens and 2 messages to ")
                .containsPattern("restored \\d+ tokens and 2 messages from ");
    }

    @Test
    void aCommandThatFailsSaysWhyAndTheConversationGoesOn() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no session");
        var outcome = chat("/save\n/load\n/load " + folder.resolve("none") + "\n/load " + text + "\n/save "
                + folder.resolve("none/talk.kvs") + "\n" + FIRST, "--temp", "0");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo(chat(FIRST, "--temp", "0").out());
        assertThat(outcome.err()).contains("/save needs a file: type one behind it, or start with --session FILE",
                "/load needs a file", "there is no file " + folder.resolve("none"),
                text + " is not a saved session: name a file that Kvasir has saved",
                "there is no folder " + folder.resolve("none"));
    }

    @Test
    void aFileThatCannotBeRestoredEndsTheCommandAndStaysAsItIs() throws IOException {
        Path file = folder.resolve("talk.kvs");
        chat(FIRST, "--session", file.toString());
        byte[] whole = Files.readAllBytes(file);

        var other = chat(FIRST, "--session", file.toString(), "--kv-type", "f32");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).isEmpty();
        assertThat(other.err()).endsWith(
                file + " cannot be restored: it was saved with --kv-type F16, and here --kv-type is F32: use the same"
                        + System.lineSeparator());
        assertThat(file).hasBinaryContent(whole);

        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        for (byte[] damaged : List.of(changed, Arrays.copyOf(whole, 1000), new byte[0])) {
            Files.write(file, damaged);
            var outcome = chat(FIRST, "--session", file.toString());
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains(file.toString());
            assertThat(file).hasBinaryContent(damaged);
        }
    }

    @Test
    void whatCannotBeSavedIsRefusedBeforeAnybodyTalks() {
        var nowhere = chat(FIRST, "--session", folder.resolve("none/talk.kvs").toString());
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.out()).isEmpty();
        assertThat(nowhere.err()).contains("there is no folder " + folder.resolve("none"));

        Path file = folder.resolve("talk.kvs");
        var onGraphs = chat(FIRST, "--session", file.toString(), "--engine", "sim");
        assertThat(onGraphs.code()).isEqualTo(1);
        assertThat(onGraphs.out()).isEmpty();
        assertThat(onGraphs.err()).endsWith("the session cannot be saved to " + file
                + ": the pages of this engine cannot be saved: set --engine to vector or reference"
                + System.lineSeparator());
        assertThat(file).doesNotExist();
    }
}
