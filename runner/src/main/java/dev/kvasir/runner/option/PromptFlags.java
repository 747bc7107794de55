package dev.kvasir.runner.option;

import dev.kvasir.lab.data.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The text to continue. */
public final class PromptFlags {
    private static final Path STDIN = Path.of("-");

    @Option(names = {"-p",
        "--prompt"}, paramLabel = "TEXT", description = "the text to continue; \"\" is an empty prompt")
    private @Nullable String prompt;

    @Option(names = {"-f",
        "--prompt-file"}, paramLabel = "FILE", description = "read the text from a file in UTF-8, or from stdin for -; without one newline at its end (default: stdin, if it is a pipe or a file)")
    private @Nullable Path file;

    @Option(names = "--question", paramLabel = "TEXT", description = "the rest of the text: it goes on where the prompt ends, but is read token by token under the cache policy (two-phase generation)")
    private @Nullable String question;

    /**
     * The text.
     *
     * @param stdinIsTerminal whether stdin cannot hold a prompt, because a user types there
     * @param warnings receives a sentence if a file or stdin has bytes that are not UTF-8
     * @throws IllegalArgumentException if none or two were given
     */
    public String text(InputStream stdin, boolean stdinIsTerminal, Consumer<String> warnings) throws IOException {
        if (prompt != null && file != null) {
            throw new IllegalArgumentException("there are two prompts: give -p or -f, not both");
        }
        if (prompt != null) {
            return prompt;
        }
        String text = file == null && stdinIsTerminal ? "" : read(file == null ? STDIN : file, stdin, warnings);
        if (file == null && text.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no prompt: give one with -p TEXT, with -f FILE, or on stdin");
        }
        return text;
    }

    /** The question after it; empty for none. */
    public String question() {
        return question == null ? "" : question;
    }

    private static String read(Path file, InputStream stdin, Consumer<String> warnings) throws IOException {
        boolean isStdin = file.equals(STDIN);
        byte[] bytes = isStdin ? stdin.readAllBytes() : Files.readAllBytes(file);
        PlainText read = PlainText.of(bytes, isStdin ? "stdin" : file.toString());
        read.warning().ifPresent(warnings);
        String text = read.text();
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
