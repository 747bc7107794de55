package dev.kvasir.runner.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts in files and on stdin: their encoding, their marks and ends, and how two parts of a text are joined. */
class GivenTextTest {
    private static final String STORIES = Cli.STORIES.toString();
    private static final byte[] CAFE = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    private static final String TOLD = "1 byte that is not UTF-8, the first (E9) at offset 3";

    @TempDir
    private Path folder;

    private static String promptTokens(String... args) {
        String[] line = new String[args.length + 5];
        System.arraycopy(new String[]{"run", "-m", STORIES, "-n", "0"}, 0, line, 0, 5);
        System.arraycopy(args, 0, line, 5, args.length);
        Cli.Outcome outcome = new Cli().run(line);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.err()
                .lines()
                .filter(figures -> figures.startsWith("prompt "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(" in .*", "");
    }

    @Test
    void bytesThatAreNotUtf8AreToldOfWhereverATextComesFrom() throws IOException {
        Path file = Files.write(folder.resolve("book.txt"), CAFE);

        Cli.Outcome quiet = new Cli().run("run", "-q", "-m", STORIES, "-f", file.toString(), "-n", "0");
        assertThat(quiet.code()).isZero();
        assertThat(quiet.err()).startsWith(file + " has " + TOLD).hasLineCount(1);
        assertThat(new Cli().withStdin(CAFE).run("run", "-m", STORIES, "-f", "-", "-n", "0").err())
                .contains("stdin has " + TOLD);
        assertThat(new Cli().withStdin(CAFE).run("run", "-m", STORIES, "-n", "0").err()).contains("stdin has " + TOLD);
        assertThat(new Cli().withStdin(CAFE).run("tokenize", "-m", STORIES, "-").err()).contains("stdin has " + TOLD);
        assertThat(new Cli().withStdin(CAFE).run("chat", "-m", STORIES, "-n", "1").err())
                .contains("line 1 of stdin has " + TOLD);
    }

    @Test
    void anArgumentFileThatIsNotUtf8IsWrongUsage() throws IOException {
        Path file = Files.write(folder.resolve("arguments"), CAFE);

        Cli.Outcome outcome = new Cli().run("run", "@" + file);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(file + " has " + TOLD).hasLineCount(1);
    }

    @Test
    void textInUtf16IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("book.txt"), "Once".getBytes(StandardCharsets.UTF_16));

        Cli.Outcome outcome = new Cli().run("run", "-m", STORIES, "-f", file.toString(), "-n", "0");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith(file + " is text in UTF-16").hasLineCount(1);
    }

    @Test
    void aMarkAndOneNewlineAreNoPartOfAPrompt() throws IOException {
        for (String text : new String[]{"Once upon", "\uFEFFOnce upon", "Once upon\n", "Once upon\r\n"}) {
            Path file = Files.writeString(folder.resolve("book.txt"), text);

            assertThat(promptTokens("-f", file.toString())).as(text).isEqualTo("prompt 3 tokens");
        }
        assertThat(promptTokens("-f", Files.writeString(folder.resolve("lines"), "Once upon\r\n\r\n").toString()))
                .isEqualTo("prompt 4 tokens");
    }

    @Test
    void aSecondBeginTokenIsToldOf() {
        String told = "the text begins with two tokens <s>";

        assertThat(new Cli().run("run", "-m", STORIES, "-p", "<s>Once", "-n", "0").err()).contains(told);
        assertThat(new Cli().run("tokenize", "-m", STORIES, "<s>Once").err()).contains(told);
        assertThat(new Cli().run("tokenize", "-m", STORIES, "--no-bos", "<s>Once").err()).isEmpty();
        assertThat(new Cli().run("run", "-m", STORIES, "-p", "Once<s>", "-n", "0").err()).doesNotContain("two tokens");
    }

    @Test
    void aQuestionGoesOnWhereThePromptEnds() throws IOException {
        String whole = promptTokens("-p", "Once upon a time, there was a little girl");

        assertThat(whole).isEqualTo("prompt 13 tokens");
        for (String[] parts : new String[][]{{"Once upon a time", ", there was a little girl"},
            {"Once upon a ti", "me, there was a little girl"}, {"", "Once upon a time, there was a little girl"},
            {"O", "nce upon a time, there was a little girl"}}) {
            assertThat(promptTokens("-p", parts[0], "--question", parts[1])).as(parts[0]).isEqualTo(whole);
            Path file = Files.writeString(folder.resolve("context"), parts[0]);
            assertThat(promptTokens("-f", file.toString(), "--question", parts[1])).as(parts[0]).isEqualTo(whole);
        }
        assertThat(promptTokens("-p", "Once", "--question", "</s> upon"))
                .isEqualTo(promptTokens("-p", "Once</s> upon"));
    }

    @Test
    void aQuestionChangesNoGreedyAnswer() {
        String[] ends = {"-n", "12", "--temp", "0", "-q", "-m", STORIES};
        String whole = answer(ends, "-p", "Once upon a time, there was a little girl");

        assertThat(answer(ends, "-p", "Once upon a time", "--question", ", there was a little girl")).isEqualTo(whole);
    }

    private static String answer(String[] ends, String... args) {
        String[] line = new String[ends.length + args.length + 1];
        line[0] = "run";
        System.arraycopy(args, 0, line, 1, args.length);
        System.arraycopy(ends, 0, line, 1 + args.length, ends.length);
        return new Cli().run(line).out();
    }
}
